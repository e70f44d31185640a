"""Request and response bodies of the scoring API."""

import math
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

Angle = Annotated[float, Field(ge=-math.pi, le=math.pi, allow_inf_nan=False)]


class Transaction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    merchant: str = Field(max_length=64)
    features: Annotated[list[Angle], Field(min_length=6, max_length=6)]
    shots: Annotated[int, Field(ge=1, le=4096)] = 1024


class Score(BaseModel):
    probability: float
    flagged: bool
    model_version: str

    @field_validator("probability")
    @classmethod
    def in_unit_interval(cls, value: float) -> float:
        if not 0.0 <= value <= 1.0:
            raise ValueError("probability out of range")
        return value
