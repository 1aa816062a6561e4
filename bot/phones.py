"""Phone numbers: one spelling to keep and compare them by, whatever is typed."""

import re
import unicodedata

_REGION = "VN"
# The eleven-digit mobile numbers have ten digits since 2018: 0120 345 6789 became 070 345 6789.
_SINCE_2018 = {
    "120": "70",
    "121": "79",
    "122": "77",
    "123": "83",
    "124": "84",
    "125": "85",
    "126": "76",
    "127": "81",
    "128": "78",
    "129": "82",
    "162": "32",
    "163": "33",
    "164": "34",
    "165": "35",
    "166": "36",
    "167": "37",
    "168": "38",
    "169": "39",
    "186": "56",
    "188": "58",
    "199": "59",
}
_OLD = re.compile(r"\+84(1[0-9]{2})([0-9]{7})")
_SPELT = re.compile(r"[0-9+().\-\s]+")
_WITH_ZERO = re.compile(r"^(\+|00)84[\s.\-]*\(?0\)?")


def read_phone_number(text: str) -> str | None:
    """Give a phone number in international form (E.164), as in "+84912345678"; None where it is none.

    The usual Vietnamese spellings agree: 0912 345 678, +84 (0)912.345.678, 84912345678, 0084912345678,
    912345678, which is what a spreadsheet leaves of it, and a mobile number from before 2018.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain.isascii() or _SPELT.fullmatch(plain) is None:
        return None
    # It reads tables that nothing else needs.
    import phonenumbers

    try:
        number = phonenumbers.parse(_WITH_ZERO.sub("+84", plain), _REGION)
    except phonenumbers.NumberParseException:
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if written.startswith("+840"):  # no national number does
        return None
    old = _OLD.fullmatch(written)
    if old is not None and old[1] in _SINCE_2018:
        return f"+84{_SINCE_2018[old[1]]}{old[2]}"
    return written if phonenumbers.is_possible_number(number) else None


def masked_phone(phone: str) -> str:
    """Give what may be shown of a number beside its owner's name: its last three digits."""
    return f"•••{phone[-3:]}"
