"""Tokens in text: found by shape and entropy, never shown in full, placeholders spared."""

import random
import string

import pytest

from redqubit.scan.static import secrets

RNG = random.Random(3)


def made(alphabet: str, length: int) -> str:
    """Return a token, made here so that none stands in the repository."""
    return "".join(RNG.choice(alphabet) for _ in range(length))


HEX = made("0123456789abcdef", 128)
WORD = made(string.ascii_letters + string.digits, 44)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"IBMQ.enable_account('{HEX}')", "IBM Quantum"),
        (f"# my token\n# {HEX}", "IBM Quantum"),
        (f"QiskitRuntimeService(token='{WORD}')", "IBM Cloud"),
        (f"export IBM_CLOUD_API_KEY={WORD}", "IBM Cloud"),
        (f"token: {WORD[:40]}", "token"),
        (f"-----BEGIN PRIVATE KEY-----\n{WORD}{HEX[:20]}\n-----END", "private key"),
        (f'"api_key": "{WORD[:36]}"', "token"),
    ],
)
def test_tokens_are_found_and_redacted(text, what):
    """The kind is told, four characters are shown, the offsets are those of the token."""
    (found,) = secrets.find(text)
    token = text[found.start : found.end]
    assert what in found.what
    assert token not in found.redacted
    assert found.redacted.startswith(token[:4])
    assert str(len(token)) in found.redacted


@pytest.mark.parametrize(
    "text",
    [
        f"sha512 of the IBM file: {HEX}",
        f"{HEX}",
        "token = 'YOUR_API_TOKEN_GOES_HERE_1234567'",
        "token = '" + "ab12" * 11 + "'",
        "token = 'abcdefghijklmnopqrstuvwxyz012345678'",
        "api_key = os.environ['IBM_QUANTUM_API_KEY_2024_V1']",
        "token_url = 'https://auth.example.org/v1/login/token123'",
        "password = 'correct horse battery staple'",
        "key = 'layers.0.attention.self.query.weight1234'",
        "",
    ],
)
def test_what_is_no_token_is_silent(text):
    """Digests, placeholders, regular texts, names, paths and sentences are spared."""
    assert list(secrets.find(text)) == []


@pytest.mark.parametrize(
    "name", ["token", "api_key", "apiKey", "ibm_token", "client_secret", "PASSWORD", "access-key"]
)
def test_names_of_secrets_are_known(name):
    """Whatever the style of writing."""
    assert secrets.is_secret_name(name)


@pytest.mark.parametrize("name", ["tokens", "tokenizer", "key", "keys", "token_count", "monkey"])
def test_other_names_are_not(name):
    """Words that only contain one do not count."""
    assert not secrets.is_secret_name(name)


def test_entropy_and_regularity():
    """Bits a character, and texts that repeat or count up."""
    assert secrets.entropy("") == 0
    assert secrets.entropy("abcd") == 2
    assert secrets.regular("abcabcabc")
    assert secrets.regular("0123456789abcdef")
    assert not secrets.regular("q7Zp1kX9")
