"""The tables of the store, as Django knows them. Migration 0001 makes them, partitions and all."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Resource(models.Model):
    """The current state of one instance: what search and access need, and no text."""

    pk = models.CompositePrimaryKey("type", "rid")
    type = models.SmallIntegerField()  # place in records.fhir.definitions.TYPES
    rid = models.BigIntegerField()
    fhir_id = models.TextField(db_collation="C")
    version = models.IntegerField()
    updated = models.DateTimeField()
    deleted = models.BooleanField(default=False)
    rev = models.SmallIntegerField()  # the extraction rules that made its keys
    patient = models.BigIntegerField(null=True)  # whose record it is: Patient.rid
    org = models.IntegerField(null=True)  # where it comes from: Organisation.number
    owner = models.TextField(null=True)  # noqa: DJ001  the slice that published it; else received
    at = models.DateTimeField()  # lower end of the main date, else `updated`
    hi = models.DateTimeField(null=True)  # its upper end; null: it has no main date
    has = models.BigIntegerField(default=0)
    tokens = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "fhir_resource"

    def __str__(self) -> str:
        return f"{self.type}/{self.fhir_id}"


class Version(models.Model):
    """The text of every version, once."""

    APPEND_ONLY = True

    class Method(models.IntegerChoices):
        CREATE = 1
        UPDATE = 2
        DELETE = 3

    pk = models.CompositePrimaryKey("rid", "version")
    rid = models.BigIntegerField()
    version = models.IntegerField()
    type = models.SmallIntegerField()
    updated = models.DateTimeField()
    deleted = models.BooleanField()
    method = models.SmallIntegerField(choices=Method)
    body = models.TextField()

    class Meta:
        db_table = "fhir_version"

    def __str__(self) -> str:
        return f"{self.rid}/{self.version}"


class Token(models.Model):
    """The few tokens that must be exact, ordered by time or found at once."""

    pk = models.CompositePrimaryKey("tok", "at", "rid")
    tok = models.BigIntegerField()
    at = models.DateTimeField()
    rid = models.BigIntegerField()

    class Meta:
        db_table = "fhir_token"

    def __str__(self) -> str:
        return str(self.tok)


class String(models.Model):
    pk = models.CompositePrimaryKey("key", "norm", "rid")
    key = models.BigIntegerField()
    norm = models.TextField(db_collation="C")
    raw = models.TextField(null=True)  # noqa: DJ001  only where it differs from norm
    rid = models.BigIntegerField()

    class Meta:
        db_table = "fhir_string"

    def __str__(self) -> str:
        return str(self.key)


class Date(models.Model):
    """Dates beside the main one: [lo, hi)."""

    pk = models.CompositePrimaryKey("key", "lo", "rid")
    key = models.BigIntegerField()
    lo = models.DateTimeField()
    hi = models.DateTimeField()
    rid = models.BigIntegerField()

    class Meta:
        db_table = "fhir_date"

    def __str__(self) -> str:
        return str(self.key)


class Number(models.Model):
    """Numbers and quantities: [lo, hi), with the hash of the unit's system and code."""

    pk = models.CompositePrimaryKey("key", "lo", "rid")
    key = models.BigIntegerField()
    lo = models.FloatField()
    hi = models.FloatField()
    unit = models.BigIntegerField(null=True)
    rid = models.BigIntegerField()

    class Meta:
        db_table = "fhir_number"

    def __str__(self) -> str:
        return str(self.key)
