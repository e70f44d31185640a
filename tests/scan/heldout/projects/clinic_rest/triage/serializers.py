import math

from rest_framework import serializers

BACKENDS = ("ibm_brisbane", "ibm_torino")


class FiniteFloat(serializers.FloatField):
    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            raise serializers.ValidationError("must be finite")
        return value


class VitalsSerializer(serializers.Serializer):
    """Values arrive scaled to [0, pi] by the bedside software."""

    patient = serializers.RegexField(r"^[a-f0-9]{16}$")
    vitals = serializers.ListField(
        child=FiniteFloat(min_value=0.0, max_value=math.pi), min_length=6, max_length=6)


class FlagsSerializer(serializers.Serializer):
    flags = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=1), min_length=6, max_length=6)


class RunSerializer(serializers.Serializer):
    shots = serializers.IntegerField(min_value=64, max_value=4096, default=1024)
    backend = serializers.ChoiceField(choices=BACKENDS, default=BACKENDS[0])

    def validate(self, attrs):
        if attrs["backend"] == "ibm_torino" and attrs["shots"] > 2048:
            raise serializers.ValidationError("torino is limited to 2048 shots")
        return attrs
