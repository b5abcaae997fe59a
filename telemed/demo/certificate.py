"""A certificate for this machine, so that cameras work away from localhost (`up --tls`)."""

import socket
from datetime import UTC, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from django.utils import timezone

DAYS = 397  # what browsers accept at most
RENEW = timedelta(days=30)


def kept(data: Path, names: list[str]) -> tuple[Path, Path]:
    """Key and certificate for these names; made anew when they change or the end is near."""
    folder = data / "tls"
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not (certificate.exists() and key.exists() and _still_good(certificate, names)):
        folder.mkdir(mode=0o700, exist_ok=True)
        _make(key, certificate, names)
    return key, certificate


def _still_good(path: Path, names: list[str]) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    written = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        list(written) == _alternatives(names)
        and certificate.not_valid_after_utc > timezone.now() + RENEW
    )


def _make(key_path: Path, certificate_path: Path, names: list[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Telemed (this machine only)")])
    now = timezone.now().astimezone(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    key_path.touch(mode=0o600)
    key_path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    certificate_path.write_bytes(certificate.public_bytes(Encoding.PEM))


def _alternatives(names: list[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def own_names(host: str) -> list[str]:
    """What this machine is called by those who may reach it there."""
    names = ["localhost", "127.0.0.1", "::1"]
    if host in ("0.0.0.0", "::"):  # noqa: S104 (asked for with --host)
        names += [socket.gethostname(), *_outward_addresses()]
    else:
        names.append(host)
    return list(dict.fromkeys(names))


def _outward_addresses() -> list[str]:
    """Of the interfaces that lead elsewhere; nothing is sent."""
    found = []
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue
    return found
