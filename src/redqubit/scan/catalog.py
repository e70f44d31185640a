"""Every rule of the scanner, of both halves, as a record."""

from __future__ import annotations

from redqubit.scan.finding import About


def rules() -> tuple[About, ...]:
    """Return what each rule is, by id; where both halves have one, the supply chain's stands."""
    from redqubit.scan.static.rule import about
    from redqubit.scan.static.rules import ALL as STATIC
    from redqubit.scan.supply.rules import ALL as SUPPLY

    found = {rule.ID: about(rule) for rule in (*STATIC, *SUPPLY)}
    return tuple(found[name] for name in sorted(found))
