from cryptography import x509

from telemed.demo import certificate


def test_a_certificate_is_kept_until_the_names_change(tmp_path):
    key, chain = certificate.kept(tmp_path, ["localhost", "127.0.0.1"])
    first = chain.read_bytes()
    assert certificate.kept(tmp_path, ["localhost", "127.0.0.1"]) == (key, chain)
    assert chain.read_bytes() == first
    assert oct(key.stat().st_mode)[-3:] == "600"

    certificate.kept(tmp_path, ["localhost", "10.0.0.7"])
    made = x509.load_pem_x509_certificate(chain.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.7"]
