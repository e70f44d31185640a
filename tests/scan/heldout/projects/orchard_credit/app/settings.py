from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that differs between staging and production."""

    model_config = SettingsConfigDict(env_prefix="ORCHARD_", env_file=".env", extra="ignore")

    artefact_dir: Path = Path("/srv/orchard/artefacts")
    weights_name: str = "weights.npz"
    weights_sha256: str = "6e52240ba98d62f4c5971f626d01500a3340c13b40e03fe64e7b8a82f843d3e6"
    registry_token: SecretStr = SecretStr("<your-registry-token>")
    registry_url: str = "https://models.orchard.example.com"
    n_wires: int = Field(default=4, ge=1, le=8)
    debug: bool = False

    @property
    def weights_path(self) -> Path:
        return self.artefact_dir / self.weights_name

    def masked_token(self) -> str:
        raw = self.registry_token.get_secret_value()
        return "..." + raw[-4:]


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return Settings()
