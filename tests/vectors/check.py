#!/usr/bin/env python3
"""Validates the vector files. The files must match the schema, the names of test cases must be unique, and
expected results must not contain secrets."""

import json
import pathlib
import sys

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent
MIN_TELLING_SECRET = 8  # shorter secrets can occur in other strings by chance


def main() -> int:
    schema = json.loads((HERE / "schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    faults, names = [], {}
    for path in vector_files():
        document = json.loads(path.read_text())
        faults += [
            f"{path.name}: {error.json_path}: {error.message[:200]}"
            for error in validator.iter_errors(document)
        ]
        for case in document["cases"]:
            faults += (
                [f"{path.name}: {case['name']} is also in {names[case['name']]}"]
                if case["name"] in names
                else []
            )
            names[case["name"]] = path.name
            faults += (
                [f"{path.name}: {case['name']} expects a result that contains a secret"]
                if tells_secret(case)
                else []
            )
    print(
        "\n".join(faults)
        if faults
        else f"{len(names)} test cases in {len(vector_files())} files match the schema"
    )
    return 1 if faults else 0


def vector_files() -> list[pathlib.Path]:
    return sorted(path for path in HERE.glob("*.json") if path.name != "schema.json")


def tells_secret(case: dict) -> bool:
    keys = case.get("keys", {})
    sets = [*keys.get("pairs", []), *keys.get("clients", []), *([keys["issuer"]] if "issuer" in keys else [])]
    secrets = [
        version.get("secret", version.get("secret_base64")) for entry in sets for version in entry["versions"]
    ]
    expected = json.dumps([case.get("expect"), [step["expect"] for step in case.get("steps", [])]])
    return any(len(secret) >= MIN_TELLING_SECRET and secret in expected for secret in secrets)


if __name__ == "__main__":
    sys.exit(main())
