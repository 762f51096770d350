# SPDX-License-Identifier: Apache-2.0
"""Reports as others read them: valid JSON in the contract's form, valid against public schemas."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
ITEM_KEYS = ["id", "sheet", "method", "verdict", "decided_by", "because", "title"]
PAIRS = [("findings.sarif", "sarif-schema-2.1.0.json"), ("sbom.cdx.json", "bom-1.6.schema.json"),
         ("sbom.spdx.json", "spdx-2.3.schema.json"), ("vex-openvex", "openvex_json_schema.json"),
         ("vex-cyclonedx", "bom-1.6.schema.json"), ("vex-csaf", "csaf-2.0.schema.json")]


def validator(schemas, name):
    import jsonschema

    schema = json.loads((schemas / name).read_text())
    known = {}
    for other in ("spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"):
        if (schemas / other).exists():
            known["http://cyclonedx.org/schema/" + other] = json.loads((schemas / other).read_text())
    for other in ("cvss-v2.0.json", "cvss-v3.0.json", "cvss-v3.1.json"):
        if (schemas / other).exists():
            known["https://www.first.org/cvss/" + other] = json.loads((schemas / other).read_text())
    resolver = jsonschema.RefResolver(schema.get("$id", ""), schema, store=known)
    is_new = "2020-12" in schema.get("$schema", "")
    kind = jsonschema.Draft202012Validator if is_new else jsonschema.Draft7Validator
    return kind(schema, resolver=resolver)


def main():
    program = sys.argv[1]
    schemas = pathlib.Path(os.environ.get("KENSA_SHARED", "")) / "schemas"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        subprocess.run([program], check=True, stderr=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, env={**os.environ, "KENSA_REPORT_OUT": folder})
        for lang in ("ja", "en"):
            report = json.loads((out / f"{lang}.report.json").read_text())
            assert list(report["items"][0]) == ITEM_KEYS
            assert isinstance(report["score"]["percent"], float)
        try:
            import jsonschema  # noqa: F401
        except ImportError:
            print("skipped: python3-jsonschema is not installed")
            return SKIPPED
        if not schemas.is_dir():
            print("skipped: no schemas under KENSA_SHARED")
            return SKIPPED
        bad = 0
        for document, schema in PAIRS:
            check = validator(schemas, schema)
            for lang in ("ja", "en"):
                for error in check.iter_errors(json.loads((out / f"{lang}.{document}").read_text())):
                    print(document, list(error.absolute_path), error.message[:300])
                    bad += 1
    return 1 if bad else 0


sys.exit(main())
