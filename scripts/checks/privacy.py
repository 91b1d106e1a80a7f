"""Looks for anything of a site's patients in what left the site.

Searched for, in any case of letters: patient and case keys, every value of the tables that looks like a UID, UIDs and
file names of the DICOM objects, names of the tables, the folder's path; anything of the form of a UID; and the
unkeyed hashes of keys and files. Searched in: the text as it is, percent-decoded, and everything in it that is base64,
to any depth.
"""

import base64
import binascii
import csv
import hashlib
import re
import urllib.parse

UID = re.compile(r"(?<![0-9.])[0-2](?:\.(?:0|[1-9][0-9]*)){5,}(?![0-9.])")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
PEM = re.compile(r"-----BEGIN [A-Z ]+-----([A-Za-z0-9+/=\s\\n]+?)-----END")
HEX = re.compile(r"[0-9a-f]{32,}")
SHORTEST = 6


class Secrets:
    """What must not be found of one site."""

    def __init__(self, site):
        names = set(site.patient) | set(site.patient.values())
        for table in site.description["data"]["tables"]:
            names.add(table["file"])
            with open(site.folder / table["file"], encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    names |= {row[table["key"]]} | {value for value in row.values() if value and UID.fullmatch(value)}
        hashed = set(names)
        files = [site.folder / table["file"] for table in site.description["data"]["tables"]]
        for found in site.objects:
            names |= {found["path"].name, found["path"].as_posix(), *found["uids"]}
            files.append(site.folder / found["path"])
        names.add(str(site.folder.resolve()))
        self.names = {name.lower() for name in names if name and len(name) >= SHORTEST}
        self.hashes = {
            digest(name.encode()).hexdigest() for name in hashed if name
            for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256)}
        self.hashes |= {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Search:
    def __init__(self, secrets):
        self.secrets = secrets
        # By their first letters, so that a text is walked once for all names.
        self.names = {}
        for name in {name for s in secrets for name in s.names}:
            self.names.setdefault(name[:SHORTEST], []).append(name)
        self.names = {start: tuple(names) for start, names in self.names.items()}
        self.hashes = {digest for s in secrets for digest in s.hashes}

    def findings(self, data):
        """What a document gives away; empty when nothing."""
        found = set()
        for text in readings(data):
            lowered = text.lower()
            for place in range(len(lowered) - SHORTEST + 1):
                names = self.names.get(lowered[place:place + SHORTEST])
                if names and lowered.startswith(names, place):
                    found |= {f"the name {name}" for name in names if lowered.startswith(name, place)}
            found |= {f"the UID {match}" for match in UID.findall(lowered)}
            for match in HEX.findall(lowered):
                if any(match[i:i + size] in self.hashes for size in (32, 40, 64) for i in range(len(match) - size + 1)):
                    found.add(f"a hash of a name or a file, {match[:16]}...")
        return sorted(found)


def readings(data, depth=4):
    """A document as text and everything that it encodes."""
    text = data.decode("utf-8", errors="replace")
    yield text
    if "%" in text:
        yield urllib.parse.unquote(text)
    if "\\u" in text or "\\/" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text).replace("\\/", "/")
    if depth == 0:
        return
    plain = text.replace("\\/", "/")
    candidates = set(BASE64.findall(plain)) | {re.sub(r"\\n|\s", "", body) for body in PEM.findall(plain)}
    for candidate in candidates:
        standard = candidate.replace("-", "+").replace("_", "/").rstrip("=")
        for offset in range(4):
            # The beginning may be cut off, as where a database's page ends; then what follows is seen by its letters.
            decoded = decode(standard[offset:])
            if decoded and (offset == 0 or is_text(decoded)):
                yield from readings(decoded, depth - 1)


def decode(text):
    text = text[:len(text) - (len(text) % 4 == 1)]
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def is_text(data):
    start = data[:64]
    return sum(32 <= byte < 127 or byte in b"\n\t" for byte in start) > 0.9 * len(start)
