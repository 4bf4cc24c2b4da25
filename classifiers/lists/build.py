#!/usr/bin/env python3
"""Builds the lists beside it from published packages.

    python3 -m venv venv
    venv/bin/pip install faker==40.54.0 mimesis==22.2.0 names==0.3.0 phonenumbers==9.0.43 schwifty==2026.10.1 \
        validators==0.36.0
    venv/bin/python build.py

The output depends on the pinned packages only. Tables have one row a line, sorted by the bytes of their key, which ends
at the first space: they are searched in place. Origin and licence of each list: PROVENANCE.toml.
"""

import importlib
import json
import pkgutil
import random
import re
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent

# Written without spaces between words, so that a name is not a word of its own.
SCRIPTS_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI")


def write(name, lines):
    lines = sorted(set(lines), key=lambda line: line.split(" ")[0].encode())
    (HERE / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{name}: {len(lines)} rows")


def top_level_domains():
    """IANA's list, with the readable form of each internationalised domain added."""
    package = importlib.import_module("validators")
    text = (Path(package.__file__).parent / "_tld.txt").read_text(encoding="ascii")
    domains = [line.strip().lower() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    readable = [domain.encode("ascii").decode("idna") for domain in domains if domain.startswith("xn--")]
    write("tld.txt", domains + readable)


def iban_structures():
    """Country and structure of the BBAN, in the notation of the registry without its exclamation marks."""
    package = importlib.import_module("schwifty")
    folder = Path(package.__file__).parent / "iban_registry"
    registry = json.loads((folder / "generated.json").read_text(encoding="utf-8"))
    rows = []
    for country, entry in registry.items():
        parts = re.findall(r"(\d+)!([nac])", entry["bban_spec"])
        assert sum(int(length) for length, _ in parts) == entry["bban_length"], country
        rows.append(f"{country} " + "".join(length + kind for length, kind in parts))
    write("iban.txt", rows)


def possible_starts(patterns, length):
    """The first two digits that a number of that length can have, shortened to one digit where all ten follow it.

    Found by trying: a pattern that accepts none of many random numbers is too narrow to matter."""
    digits = random.Random(length)
    starts = []
    for first in range(10):
        pairs = []
        for second in range(10):
            start = f"{first}{second}"
            tries = (start + "".join(digits.choices("0123456789", k=length - 2)) for _ in range(1000))
            if any(pattern.fullmatch(number) for number in tries for pattern in patterns):
                pairs.append(start)
        starts += [str(first)] if len(pairs) == 10 else pairs
    return starts


def calling_codes():
    """Country calling codes with `length:start,start…` for each length of the national number."""
    phonenumbers = importlib.import_module("phonenumbers")
    metadata = importlib.import_module("phonenumbers.phonemetadata").PhoneMetadata
    rows = []
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        entries = [
            metadata.metadata_for_nongeo_region(code) if region == "001" else metadata.metadata_for_region(region)
            for region in regions
        ]
        patterns = [re.compile(entry.general_desc.national_number_pattern) for entry in entries]
        lengths = sorted({length for entry in entries for length in entry.general_desc.possible_length})
        # The metadata allow seven digits for one island that shares the code; the numbering plan is ten (NANPA).
        lengths = [10] if code == 1 else lengths
        # Where a country has numbers of eight digits or more, its shortest ones are services, not people. Beyond twelve
        # come direct extensions, which cannot be told from a number that merely follows.
        if lengths[-1] >= 8:
            lengths = [length for length in lengths if 6 <= length <= 12]
        fields = ((length, possible_starts(patterns, length)) for length in lengths)
        rows.append(f"{code} " + " ".join(f"{n}:{','.join(starts)}" for n, starts in fields if starts))
    write("calling_codes.txt", rows)


def dialling():
    """Country, its calling code, and what is dialled before a national number within it; `-` for nothing."""
    phonenumbers = importlib.import_module("phonenumbers")
    metadata = importlib.import_module("phonenumbers.phonemetadata").PhoneMetadata
    rows = []
    for region in phonenumbers.SUPPORTED_REGIONS:
        entry = metadata.metadata_for_region(region)
        rows.append(f"{region} {entry.country_code} {entry.national_prefix or '-'}")
    write("dialling.txt", rows)


def is_given_name(name):
    if not 3 <= len(name) <= 24 or not all(unicodedata.category(c)[0] in "LM" for c in name):
        return False
    # Sound signs of Asian scripts count as letters here; a lower-case start means that it is no name but a particle.
    return not is_lower(name[0]) and not unicodedata.name(name[0]).startswith(SCRIPTS_WITHOUT_SPACES)


def is_lower(letter):
    """Those of Georgian count as lower case, though nobody writes names with others."""
    return letter.islower() and not unicodedata.name(letter).startswith("GEORGIAN")


def names_of_people(attributes):
    """What the person providers of all locales hold in attributes that begin so, in NFC."""
    people = importlib.import_module("faker.providers.person")
    names = set()
    for module in pkgutil.iter_modules(people.__path__):
        if not module.ispkg:
            continue
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if attribute.startswith(attributes) and isinstance(values, (list, tuple, dict)):
                names.update(name for name in values if isinstance(name, str))
    return {unicodedata.normalize("NFC", name).strip() for name in names}


def given_names():
    """First names of one word."""
    write("given_names.txt", filter(is_given_name, names_of_people("first_name")))


def is_family_name(name):
    letters = [c for c in name if c not in "'’-"]
    if not 1 <= len(letters) <= 24 or not all(unicodedata.category(c)[0] in "LM" for c in letters):
        return False
    if unicodedata.name(name[0]).startswith(("CJK", "HANGUL")):
        return len(name) <= 2
    return len(name) > 1 and not is_lower(name[0])


# Of the census' 88,799, those that more than about one in 100,000 people has.
MOST_CENSUS_NAMES = 20000


def family_names():
    """Family names of one word, of all locales and of the census of the United States."""
    package = importlib.import_module("names")
    rows = (Path(package.__file__).parent / "dist.all.last").read_text(encoding="ascii").splitlines()
    census = {row.split()[0].title() for row in rows[:MOST_CENSUS_NAMES]}
    parts = {part for name in names_of_people(("last_name", "last_romanized")) for part in name.split()}
    write("family_names.txt", filter(is_family_name, census | parts))


# Each name is read whenever the program starts: languages whose names the other lists have least of.
FEW_GIVEN = ["de-ch", "el", "fa", "fr", "hr", "kk", "nl", "pl", "ru", "tr", "uk"]
FEW_FAMILY = ["cs", "de", "el", "fa", "fi", "fr", "hr", "hu", "kk", "pl", "pt-br", "tr", "uk"]


# Those that put no blanks between words.
UNSPACED = ["ja", "ko", "zh"]
# Ends of Korean names that verbs and nouns have as well: behind a syllable that is a family name they are words, as 이동하 is.
KOREAN_ENDS = ("하", "한", "형", "화", "된", "적", "상", "용")


def unspaced_given_names():
    """Given names in scripts without blanks of both packages, and family names of Japan with two or three characters."""
    folder = Path(importlib.import_module("mimesis").__file__).parent / "datasets"
    people = [json.loads((folder / language / "person.json").read_text(encoding="utf-8")) for language in UNSPACED]
    names = names_of_people("first_name") | {name for person in people for name in words_below(person["names"])}
    unspaced = {
        name
        for name in names
        if name.isascii() is False
        and 1 <= len(name) <= 24
        and all(unicodedata.category(c)[0] in "LM" for c in name)
        and unicodedata.name(name[0]).startswith(SCRIPTS_WITHOUT_SPACES)
        and not name.endswith(KOREAN_ENDS)
    }
    write("unspaced_given_names.txt", unspaced)
    write("japanese_family_names.txt", {name for name in words_below(people[0]["surnames"]) if 2 <= len(name) <= 3})


def words_below(entry):
    if isinstance(entry, str):
        yield from entry.split()
    for part in entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ():
        yield from words_below(part)


def more_names(name, key, languages):
    """What mimesis knows of those languages beyond the other lists, but no words of its texts."""
    folder = Path(importlib.import_module("mimesis").__file__).parent / "datasets"

    def read(file):
        return json.loads(file.read_text(encoding="utf-8"))

    texts = {word for file in folder.glob("*/text.json") for word in words_below(read(file)) if word.islower()}
    files = HERE.glob(f"*{key}_names.txt")
    known = {line for file in files if file.name != name for line in file.read_text(encoding="utf-8").split()}
    field = {"given": "names", "family": "surnames"}[key]
    words = {word for language in languages for word in words_below(read(folder / language / "person.json")[field])}
    words = {unicodedata.normalize("NFC", word) for word in words}
    write(name, (word for word in words - known if is_given_name(word) and word.lower() not in texts))


if __name__ == "__main__":
    top_level_domains()
    iban_structures()
    calling_codes()
    dialling()
    given_names()
    family_names()
    unspaced_given_names()
    more_names("more_given_names.txt", "given", FEW_GIVEN)
    more_names("more_family_names.txt", "family", FEW_FAMILY)
