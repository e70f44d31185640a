import math
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

Angle = Annotated[float, Field(ge=0.0, le=math.pi, allow_inf_nan=False)]
FEATURES = ("income_ratio", "utilisation", "age_of_file", "delinquency")


class Applicant(BaseModel):
    reference: str = Field(min_length=6, max_length=32, pattern=r"^[A-Z0-9\-]+$")
    angles: list[Angle] = Field(min_length=4, max_length=4)

    @field_validator("reference")
    @classmethod
    def no_double_dash(cls, value: str) -> str:
        if "--" in value:
            raise ValueError("reference must not contain '--'")
        return value


class ScoreOut(BaseModel):
    reference: str
    score: float
    model: str


class RetrainIn(BaseModel):
    learning_rate: float = Field(default=0.05, ge=1e-4, le=0.5)
    steps: int = Field(default=100, ge=1, le=400)


class BatchIn(BaseModel):
    items: list[Applicant] = Field(min_length=1, max_length=64)
