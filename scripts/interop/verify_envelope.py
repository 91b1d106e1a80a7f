#!/usr/bin/env python3
"""Verify a Concordat envelope with tools that share no code with Concordat.

usage: verify_envelope.py ENVELOPE.json KEY.pem [KEY.pem ...] [--threshold N]

Checks, each by another peer:
  1. DSSE:      securesystemslib, `dsse.Envelope.verify`; and it would write the same members
  2. openssl:   `openssl pkeyutl -verify -rawin` over the pre-authentication encoding
  3. key ids:   the SHA-256 of the DER SubjectPublicKeyInfo
  4. in-toto:   the payload is a Statement v1 and its bytes are canonical JSON (rfc8785), where it is one

Prints the statement's type and digest. Exit code 0: all agree; 1: refused by any; 2: usage.
Needs the packages of requirements.txt beside this file, and openssl 3.
"""
import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import rfc8785
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

IN_TOTO = "application/vnd.in-toto+json"


class Refused(Exception):
    pass


def key_id(public_key):
    der = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def verify_with_openssl(pae, signature, pem_path):
    with tempfile.TemporaryDirectory() as folder:
        message, sig = pathlib.Path(folder, "message"), pathlib.Path(folder, "signature")
        message.write_bytes(pae)
        sig.write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(pem_path)]
        result = subprocess.run(command + ["-in", str(message), "-sigfile", str(sig)], capture_output=True)
    return result.returncode == 0


def check(document, pem_paths, threshold):
    try:
        envelope = Envelope.from_dict(json.loads(document))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"not a DSSE envelope: {error!r}") from error
    # Python's base64 ignores the unused bits of the last digit; Concordat does not.
    if envelope.to_dict() != json.loads(document):
        raise Refused("not in the one form of an envelope: unknown members, or base64 in another form")
    keys = {}
    for path in pem_paths:
        public_key = load_pem_public_key(path.read_bytes())
        identifier = key_id(public_key)
        keys[identifier] = (SSlibKey.from_crypto(public_key, keyid=identifier), path)
    try:
        accepted = envelope.verify([key for key, _ in keys.values()], threshold)
    except (VerificationError, ValueError) as error:
        raise Refused(f"securesystemslib: {error}") from error
    for identifier in accepted:
        signature = bytes.fromhex(envelope.signatures[identifier].signature)
        if not verify_with_openssl(envelope.pae(), signature, keys[identifier][1]):
            raise Refused(f"openssl refuses the signature of {identifier}")

    kind = envelope.payload_type
    if kind == IN_TOTO:
        statement = json.loads(envelope.payload)
        if statement.get("_type") != "https://in-toto.io/Statement/v1":
            raise Refused("the payload is no in-toto Statement v1")
        if rfc8785.dumps(statement) != envelope.payload:
            raise Refused("the statement's bytes are not canonical JSON (RFC 8785)")
        kind = statement["predicateType"]
    return kind, hashlib.sha256(envelope.payload).hexdigest(), sorted(accepted)


def main():
    parser = argparse.ArgumentParser(description="Verify a Concordat envelope with independent tools.")
    parser.add_argument("envelope", type=pathlib.Path)
    parser.add_argument("keys", type=pathlib.Path, nargs="+", metavar="KEY.pem")
    parser.add_argument("--threshold", type=int, default=1)
    arguments = parser.parse_args()
    try:
        kind, digest, signers = check(arguments.envelope.read_bytes(), arguments.keys, arguments.threshold)
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    print(f"verified: {kind} sha256:{digest}")
    for signer in signers:
        print(f"  signed by {signer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
