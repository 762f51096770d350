// SPDX-License-Identifier: Apache-2.0
// The example camera's picture server: answers each connection with the number of the last picture.
// It is here to be inspected, not to be used.

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 8080, WAITING_MAX = 4 };

static void answer(int client, unsigned number)
{
	char request[256], reply[320];
	ssize_t n = read(client, request, sizeof request - 1);

	if (n <= 0)
		return;
	request[n] = '\0';
	request[strcspn(request, "\r\n")] = '\0';
	n = snprintf(reply, sizeof reply, "HTTP/1.0 200 OK\r\n\r\npicture %u for %s\n", number,
		     request);
	if (n > 0 && write(client, reply, strlen(reply)) < 0)
		perror("camd");
}

int main(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	int server = socket(AF_INET, SOCK_STREAM, 0);

	if (server < 0 || bind(server, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(server, WAITING_MAX) != 0) {
		perror("camd");
		return 1;
	}
	for (unsigned number = 1;; number++) {
		int client = accept(server, NULL, NULL);

		if (client < 0)
			continue;
		answer(client, number);
		close(client);
	}
}
