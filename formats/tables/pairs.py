#!/usr/bin/env python3
"""Writes formats/src/pairs.rs: how many bits it takes that one letter follows another, in the languages that have legacy encodings.
That a letter is one beyond ASCII shows in its byte, so bits are counted among those that are, and among those that are not.

    python3 -m venv venv
    venv/bin/pip install faker==40.54.0 mimesis==22.2.0 Django==5.2.19 Babel==2.19.0
    venv/bin/python pairs.py

Names, streets, towns and other words are those that faker and mimesis (both MIT) make up people of, and of the interfaces of Django and
the CLDR data of Babel (both BSD). A word counts once, so that no word is known by its pairs.
"""

import importlib
import json
import math
import re
from collections import Counter
from pathlib import Path

import babel
import django
import mimesis
from babel.messages.pofile import read_po

TARGET = Path(__file__).resolve().parents[1] / "src" / "pairs.rs"

# By language: its letters beyond ASCII, where it has others beside them, and what the packages call it.
LATIN = {
    "de": ("äöüß", "de_DE de_AT de_CH de_LI"),
    "fr": ("àâæçéèêëîïôœùûüÿ", "fr_FR fr_CH fr_CA fr_BE fr_QC"),
    "es": ("áéíñóúü", "es_ES es_MX es_AR es_CL es_CO es"),
    "pt": ("áâãàçéêíóôõúü", "pt_PT pt_BR"),
    "it": ("àèéìíòóùú", "it_IT"),
    "nl": ("éèëïöüêçáó", "nl_NL nl_BE"),
    "sv": ("åäöéü", "sv_SE"),
    "da": ("æøåéöäü", "da_DK"),
    "no": ("æøåéòöäü", "no_NO nb"),
    "fi": ("äöåšž", "fi_FI"),
    "is": ("áðéíóúýþæö", "is_IS"),
    "et": ("äõöüšž", "et_EE"),
    "lv": ("āčēģīķļņšūžŗ", "lv_LV"),
    "lt": ("ąčęėįšųūž", "lt_LT"),
    "pl": ("ąćęłńóśźż", "pl_PL"),
    "cs": ("áčďéěíňóřšťúůýž", "cs_CZ"),
    "sk": ("áäčďéíĺľňóôŕšťúýž", "sk_SK"),
    "hu": ("áéíóöőúüű", "hu_HU"),
    "ro": ("ăâîșțşţ", "ro_RO"),
    "sl": ("čšžćđ", "sl_SI"),
    "hr": ("čćđšž", "hr_HR bs_BA"),
    "tr": ("çğıiöşüâîû", "tr_TR"),
    "sq": ("ëç", "sq"),
    "ca": ("àçéèíïóòúü", "es_CA ca"),
    "ga": ("áéíóú", "ga_IE"),
}
OTHERS = {
    "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG", "mk": "mk_MK", "sr": "sr", "el": "el_GR", "he": "he_IL",
    "ar": "ar_AA ar_PS ar_SA ar_DZ", "fa": "fa_IR",
}  # fmt: skip

# Pairs that take more bits are as rare as those that are not there.
BITS = 10

HEAD = """\
//! Pairs of letters by language. Written by `formats/tables/pairs.py`.

/// The pairs of letters of a language with at least one beyond ASCII, in small letters. A blank is the border of a word.
pub(crate) struct Language {
    /// ISO 639-1.
    pub(crate) name: &'static str,
    /// Pairs, one behind the other, by the bits that it takes that of all letters that are ASCII, or are not, the second one follows the first: from
    /// 1 on.
    pub(crate) pairs: [&'static str; BITS],
}

#[rustfmt::skip]
pub(crate) static LANGUAGES: [Language; COUNT] = [
"""


def strings(data):
    if isinstance(data, str):
        yield data
    elif hasattr(data, "items"):
        for key, value in data.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(data, (list, tuple, set, frozenset)):
        for value in data:
            yield from strings(value)


def of_people(language, locale):
    for kind in ("person", "address", "company", "job", "lorem"):
        try:
            provider = importlib.import_module(f"faker.providers.{kind}.{locale}").Provider
        except ModuleNotFoundError:
            continue
        for name, value in vars(provider).items():
            if not name.startswith("__") and "romanized" not in name and "countr" not in name:
                yield from strings(value)
    folder = Path(mimesis.__file__).parent / "datasets" / language
    for path in folder.glob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        # The words of Hungarian are Danish ones.
        kept = {key: value for key, value in data.items() if key != "quotes" and (key, folder.name) != ("words", "hu")}
        if path.stem not in ("food", "finance"):
            yield from strings(kept)


def of_interfaces(language):
    for path in Path(django.__file__).parent.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                yield from (re.sub(r"%\([^)]*\)s|<[^>]*>|%s", "", text or "") for text in strings(message.string))
    locale = babel.Locale.parse(language)
    for part in ("territories", "currencies", "months", "days", "time_zones", "meta_zones"):
        yield from values(getattr(locale, part))


def values(data):
    if hasattr(data, "items"):
        for key in data:
            yield from values(data[key])
    elif isinstance(data, str):
        yield data


def words(language, own, locales):
    texts = [text for locale in locales.split() for text in of_people(language, locale)]
    texts += of_interfaces({"no": "nb"}.get(language, language))
    for word in sorted({word for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)}):
        word = word.replace("İ", "i").replace("I", "ı") if language == "tr" else word
        word = word.lower()
        is_own = all(letter.isascii() or letter in own for letter in word) if own else not any(map(str.isascii, word))
        if word.isalpha() and is_own:
            yield word
            # Encodings before 1999 have the cedilla.
            if language == "ro" and set("șț") & set(word):
                yield word.translate(str.maketrans("șț", "şţ"))


def pairs(language, own, locales):
    together, first = Counter(), Counter()
    for word in words(language, own, locales):
        for pair in zip(" " + word, word + " "):
            together[pair] += 1
            first[pair[0], pair[1].isascii()] += 1
    by_bits = [[] for _ in range(BITS)]
    for (before, letter), count in sorted(together.items(), key=lambda pair: (-pair[1], pair[0])):
        bits = max(1, round(-math.log2(count / first[before, letter.isascii()])))
        if not (before.isascii() and letter.isascii()) and count > 1 and bits <= BITS:
            by_bits[bits - 1].append(before + letter)
    return ["".join(level) for level in by_bits]


def main():
    languages = LATIN | {language: ("", locales) for language, locales in OTHERS.items()}
    lines = [HEAD.replace("COUNT", str(len(languages))).replace("BITS", str(BITS))]
    for language, (own, locales) in languages.items():
        lines.append(f'    Language {{ name: "{language}", pairs: [\n')
        lines += [f'        "{level}",\n' for level in pairs(language, own, locales)]
        lines.append("    ] },\n")
    TARGET.write_text("".join(lines) + "];\n", encoding="utf-8")


if __name__ == "__main__":
    main()
