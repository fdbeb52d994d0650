#!/usr/bin/python3
"""Reads and writes the conformance bytes of ../../proto/vectors with Python's protobuf library."""
import importlib, json, pathlib, sys, unittest, warnings

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent.parent / "proto" / "vectors"
sys.path.insert(0, str(HERE / "stubs"))  # written by ./generate
from google.protobuf import json_format, message, symbol_database

for stub in sorted((HERE / "stubs").rglob("*_pb2.py")):
    importlib.import_module(".".join(stub.relative_to(HERE / "stubs").with_suffix("").parts))


def load(name):
    vectors = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    assert vectors, f"{name} has no vectors"
    return [(vector, symbol_database.Default().GetSymbol(vector["message"]), data(vector)) for vector in vectors]


def data(vector):
    return bytes.fromhex(vector["hex"]) + bytes([vector.get("filler", 0)]) * vector.get("times", 0)


class VectorsTest(unittest.TestCase):
    def test_reads_every_good_vector(self):
        for vector, kind, raw in load("good.json"):
            with self.subTest(vector["name"]):
                self.assertEqual(json_format.MessageToDict(kind.FromString(raw)), vector["json"])

    def test_writes_every_good_vector(self):
        for vector, kind, raw in load("good.json"):
            if not vector.get("decodeOnly"):
                with self.subTest(vector["name"]):
                    written = json_format.ParseDict(vector["json"], kind())
                    self.assertEqual(written.SerializeToString(deterministic=True).hex(), raw.hex())

    def test_refuses_what_is_not_protobuf(self):
        refusable = [each for each in load("bad.json") if each[0].get("notProtobuf")]
        self.assertTrue(refusable)
        for vector, kind, raw in refusable:
            with self.subTest(vector["name"]), warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                try:
                    kind.FromString(raw)
                    self.assertTrue(said)  # all that Debian's parser says of a stray end of a group is a warning
                except message.DecodeError:
                    pass

    def test_refuses_text_that_is_not_utf8(self):
        refusable = [each for each in load("bad.json") if each[0]["code"] == "CODE_INVALID_UTF8"]
        self.assertTrue(refusable)
        for vector, kind, raw in refusable:
            with self.subTest(vector["name"]), self.assertRaises(message.DecodeError):
                kind.FromString(raw)


if __name__ == "__main__":
    unittest.main()
