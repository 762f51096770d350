# SPDX-License-Identifier: Apache-2.0
# Writes small records, for tests that begin where an inspection ends.

import hashlib
import json

DATE = "2025-08-01"


def target(date=DATE, cpe=""):
    return {"fact": "target", "schema": "kensa.record/1", "kensa": "0.1.0", "date": date,
            "name": "product", **({"cpe": cpe} if cpe else {}), "kind": "final-device",
            "sector": "consumer"}


def component(name, version="", cpe="", purl="", method="version-string"):
    texts = {"name": name, "version": version, "purl": purl, "cpe": cpe}
    return {"fact": "component", **{k: v for k, v in texts.items() if v}, "method": method,
            "confidence": "sure"}


def coverage(subject, seen, total, method="firmware"):
    return {"fact": "coverage", "method": method, "subject": subject,
            **({"seen": seen} if seen else {}), **({"total": total} if total else {})}


def decision(cve, product, status, **texts):
    order = ("justification", "statement", "author", "date", "source")
    return {"fact": "decision", "id": cve, **({"product": product} if product else {}),
            "status": status, **{k: texts[k] for k in order if texts.get(k)}}


def built(what, names):
    return {"fact": "built", "what": what, "names": " ".join(names)}


def write(path, facts, date=DATE, cpe=""):
    """The record of a product that was wholly read, with these facts."""
    read = [coverage("image", 100, 100), coverage("objects", 1, 1)]
    lines = [json.dumps(f, separators=(",", ":"), ensure_ascii=False)
             for f in [target(date, cpe), *facts, *read]]
    body = "".join(line + "\n" for line in lines)
    end = {"fact": "end", "status": "complete", "facts": len(lines),
           "sha256": hashlib.sha256(body.encode()).hexdigest()}
    path.write_text(body + json.dumps(end, separators=(",", ":")) + "\n", encoding="utf-8")
    return path
