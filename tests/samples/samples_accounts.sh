#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Keys and certificates by the tools devices use. Keys are new each time: what a test needs to know
# of them stands in a file beside them (NAME.print: SHA-256 of the public key's DER, 16 digits).

umask 077
print() { # FILE NAME
	openssl pkey -in "$1" -pubout -outform DER | sha256sum | cut -c1-16 > "$2.print"
}

openssl genrsa -out key-pkcs8.pem 2048 2>/dev/null
print key-pkcs8.pem key-rsa
openssl rsa -in key-pkcs8.pem -traditional -out key-pkcs1.pem 2>/dev/null
openssl rsa -in key-pkcs8.pem -traditional -outform DER -out key-pkcs1.der 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in key-pkcs8.pem -outform DER -out key-pkcs8.der
openssl pkcs8 -topk8 -in key-pkcs8.pem -passout pass:kensa -out key-enc8.pem
openssl rsa -in key-pkcs8.pem -traditional -aes128 -passout pass:kensa -out key-enc1.pem 2>/dev/null
openssl rsa -in key-pkcs8.pem -pubout -out key-public.pem 2>/dev/null

openssl ecparam -name prime256v1 -genkey -noout -out key-sec1.pem
print key-sec1.pem key-ec
openssl ec -in key-sec1.pem -outform DER -out key-sec1.der 2>/dev/null

rm -f ssh-* dropbear-* putty-*
for kind in rsa ecdsa ed25519; do
	ssh-keygen -q -t $kind -N '' -C test -f ssh-$kind
	dropbearconvert openssh dropbear ssh-$kind dropbear-$kind 2>/dev/null
done
ssh-keygen -e -m PKCS8 -f ssh-rsa.pub | openssl pkey -pubin -outform DER | sha256sum |
	cut -c1-16 > ssh-rsa.print
ssh-keygen -q -t ed25519 -N kensa -C test -f ssh-encrypted
ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -C test -f ssh-pem
print ssh-pem ssh-pem
dropbearconvert openssh dropbear ssh-pem dropbear-pem 2>/dev/null
dropbearkey -t dss -f dropbear-dss >/dev/null 2>&1 || true

if command -v puttygen >/dev/null; then
	puttygen ssh-pem -O private -o putty-rsa.ppk
	puttygen ssh-ed25519 -O private -o putty-ed25519.ppk
	puttygen ssh-ecdsa -O private -o putty-ecdsa.ppk
fi

cert() { # NAME SUBJECT DAYS DIGEST KEYARGS...
	name=$1 subject=$2 days=$3 digest=$4
	shift 4
	openssl req -x509 -new -nodes -newkey "$@" -keyout "$name.key" -subj "$subject" \
		-days "$days" "-$digest" -out "$name.crt" 2>/dev/null
}

cert cert-ca '/O=Kensa Works/CN=Kensa Root' 20000 sha256 rsa:2048
cert cert-weak-ca '/O=Kensa Works/CN=Kensa Small Root' 20000 sha256 rsa:1024
cert cert-sha1-ca '/O=Kensa Works/CN=Kensa Old Root' 20000 sha1 rsa:2048

signed() { # NAME SUBJECT DAYS DIGEST KEYARGS...
	name=$1 subject=$2 days=$3 digest=$4
	shift 4
	openssl req -new -nodes -newkey "$@" -keyout "$name.key" -subj "$subject" -out "$name.csr" \
		2>/dev/null
	openssl x509 -req -in "$name.csr" -CA cert-ca.crt -CAkey cert-ca.key -set_serial 7 \
		-days "$days" "-$digest" -extfile server.ext -out "$name.crt" 2>/dev/null
}

printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' > server.ext
signed cert-good '/O=Kensa Works/CN=device.kensa.jp' 20000 sha256 rsa:2048
signed cert-ec '/O=Kensa Works/CN=device.kensa.jp' 20000 sha256 ec -pkeyopt ec_paramgen_curve:prime256v1
signed cert-small-ec '/O=Kensa Works/CN=device.kensa.jp' 20000 sha256 ec -pkeyopt ec_paramgen_curve:secp224r1
signed cert-small '/O=Kensa Works/CN=device.kensa.jp' 20000 sha256 rsa:1024
signed cert-sha1 '/O=Kensa Works/CN=device.kensa.jp' 20000 sha1 rsa:2048
signed cert-test '/O=Internet Widgits Pty Ltd/CN=device.kensa.jp' 20000 sha256 rsa:2048
signed cert-contest '/O=Kensa Contest/CN=attestation.kensa.jp' 20000 sha256 rsa:2048
openssl x509 -in cert-good.crt -outform DER -out cert-good.der
end=$(openssl x509 -in cert-good.crt -noout -enddate | cut -d= -f2)
echo $(($(date -u -d "$end" +%s) / 86400)) > cert-good.last-day
cat cert-good.key cert-good.crt > cert-good-bundle.pem
cat cert-ca.crt cert-weak-ca.crt cert-sha1-ca.crt > cert-roots.pem
