"""The references behind one pipe: tiktoken, Hugging Face tokenizers, SentencePiece.

Requests and answers are frames: u32 length, then the bytes. A request is a JSON object, a zero byte and binary data.

load    {"op": "load", "kind": "tiktoken" | "tekken" | "huggingface" | "sentencepiece", "path": …, "name": …}  →  {"vocabSize": …, "version": …}
encode  {"op": "encode", "specials": bool, "post": bool, "offsets": bool, "decode": bool, "count": n} and the texts as u32 lengths, then UTF-8
        →  u32 × n counts of ids, the ids; with offsets their starts and ends, in code points,
           and u32 × n whether the tokenizer's normaliser rewrites the text; with decode u32 × n lengths and the texts in UTF-8
normalize  as encode: the texts after the tokenizer's normaliser, as decode gives them

Numbers are little-endian. An exception ends as {"error": …} of op "load", or as a count of 0xFFFFFFFF for a text that the reference refuses.
"""

import array
import base64
import hashlib
import itertools
import json
import struct
import sys


class TiktokenReference:
    """tiktoken's own definitions, their ranks taken from the npm package and checked against the hash that tiktoken gives for its download."""

    def __init__(self, name, path):
        import tiktoken
        import tiktoken_ext.openai_public as public

        with open(path, encoding="utf-8") as file:
            ranks = {}
            for line in json.load(file)["bpe_ranks"].split("\n"):
                if line:
                    _, first, *tokens = line.split(" ")
                    for index, token in enumerate(tokens):
                        ranks[base64.b64decode(token)] = int(first) + index

        def load(url, expected_hash=None):
            lines = b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in sorted(ranks.items(), key=lambda item: item[1]))
            found = hashlib.sha256(lines).hexdigest()
            if found != expected_hash:
                raise ValueError(f"ranks of {name}: SHA-256 {found}, tiktoken expects {expected_hash}")
            return ranks

        public.load_tiktoken_bpe = load
        public.data_gym_to_mergeable_bpe_ranks = lambda **_: ranks
        self.version = f"tiktoken {tiktoken.__version__}"
        self.encoding = tiktoken.Encoding(**public.ENCODING_CONSTRUCTORS[name]())
        self.vocab_size = self.encoding.n_vocab

    def encode(self, texts, specials, post, offsets):
        encode = (lambda text: self.encoding.encode(text, allowed_special="all")) if specials else self.encoding.encode_ordinary
        for text in texts:
            yield encode(text), None

    def decode(self, ids):
        return self.encoding.decode(ids)


class TekkenReference(TiktokenReference):
    """Mistral's tekken file, run by tiktoken as mistral-common does it: ids of text come after those of the special tokens."""

    def __init__(self, name, path):
        import tiktoken

        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        config = data["config"]
        self.first = config["default_num_special_tokens"]
        self.vocab_size = config["default_vocab_size"]
        ranks = {base64.b64decode(token["token_bytes"]): token["rank"] for token in data["vocab"][: self.vocab_size - self.first]}
        self.version = f"tiktoken {tiktoken.__version__}"
        self.encoding = tiktoken.Encoding(name=name, pat_str=config["pattern"], mergeable_ranks=ranks, special_tokens={})

    def encode(self, texts, specials, post, offsets):
        for text in texts:
            yield [id + self.first for id in self.encoding.encode_ordinary(text)], None

    def decode(self, ids):
        return self.encoding.decode([id - self.first for id in ids])


class HuggingFaceReference:
    def __init__(self, name, path):
        import tokenizers

        self.tokenizer = tokenizers.Tokenizer.from_file(path)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.version = f"tokenizers {tokenizers.__version__}"
        self.vocab_size = self.tokenizer.get_vocab_size()

    def encode(self, texts, specials, post, offsets):
        tokenizer = self.tokenizer
        if tokenizer.encode_special_tokens == specials:
            tokenizer.encode_special_tokens = not specials
        run = tokenizer.encode_batch if offsets else tokenizer.encode_batch_fast
        for encoding in run(texts, add_special_tokens=post):
            yield encoding.ids, encoding.offsets if offsets else None

    def decode(self, ids):
        return self.tokenizer.decode(ids, skip_special_tokens=False)

    def normalize(self, text):
        return self.tokenizer.normalizer.normalize_str(text) if self.tokenizer.normalizer else text

    def rewrites(self, text):
        return int(self.normalize(text) != text)


class SentencePieceReference:
    def __init__(self, name, path):
        import sentencepiece

        self.processor = sentencepiece.SentencePieceProcessor(model_file=path)
        self.version = f"sentencepiece {sentencepiece.__version__}"
        self.vocab_size = self.processor.vocab_size()

    def encode(self, texts, specials, post, offsets):
        if offsets:
            for text in texts:
                pieces = self.processor.encode(text, out_type="immutable_proto").pieces
                yield [piece.id for piece in pieces], [(piece.begin, piece.end) for piece in pieces]
            return
        for ids in self.processor.encode(texts, out_type=int, num_threads=1):
            yield ids, None

    def decode(self, ids):
        return self.processor.decode(ids)

    def normalize(self, text):
        return self.processor.normalize(text)


KINDS = {
    "tiktoken": TiktokenReference,
    "tekken": TekkenReference,
    "huggingface": HuggingFaceReference,
    "sentencepiece": SentencePieceReference,
}
REFUSED = 0xFFFFFFFF


def one_by_one(reference, texts, *rest):
    """For a batch that a reference refused: each text alone."""
    for text in texts:
        try:
            yield from reference.encode([text], *rest)
        except BaseException as error:  # a panic of the Rust library derives from it
            if isinstance(error, KeyboardInterrupt):
                raise
            yield None, None


def encode(reference, request, texts):
    rest = (request["specials"], request["post"], request["offsets"])
    try:
        results = list(reference.encode(texts, *rest))
    except Exception:
        results = list(one_by_one(reference, texts, *rest))
    counts, ids, starts, ends, decoded = (array.array("I") for _ in range(5))
    blobs = []
    for found, offsets in results:
        counts.append(REFUSED if found is None else len(found))
        if found is None:
            found, offsets = [], []
        ids.fromlist(found)
        if offsets is not None and request["offsets"]:
            flat = list(itertools.chain.from_iterable(offsets))
            starts.fromlist(flat[0::2])
            ends.fromlist(flat[1::2])
        if request["decode"]:
            blobs.append(reference.decode(found).encode("utf-8", "replace"))
    answer = [counts.tobytes(), ids.tobytes()]
    if request["offsets"]:
        answer += [starts.tobytes(), ends.tobytes(), array.array("I", [reference.rewrites(text) for text in texts]).tobytes()]
    if request["decode"]:
        answer += [array.array("I", map(len, blobs)).tobytes(), *blobs]
    return b"".join(answer)


def texts_of(data, count):
    lengths = struct.unpack_from(f"<{count}I", data)
    at = 4 * count
    texts = []
    for length in lengths:
        texts.append(data[at : at + length].decode("utf-8"))
        at += length
    return texts


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    reference = None
    while header := source.read(4):
        frame = source.read(struct.unpack("<I", header)[0])
        head, _, data = frame.partition(b"\0")
        request = json.loads(head)
        if request["op"] == "load":
            try:
                reference = KINDS[request["kind"]](request["name"], request["path"])
                answer = {"vocabSize": reference.vocab_size, "version": reference.version}
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            answer = json.dumps(answer).encode()
        elif request["op"] == "encode":
            answer = encode(reference, request, texts_of(data, request["count"]))
        else:
            blobs = [reference.normalize(text).encode() for text in texts_of(data, request["count"])]
            answer = b"".join([array.array("I", map(len, blobs)).tobytes(), *blobs])
        sink.write(struct.pack("<I", len(answer)) + answer)
        sink.flush()


main()
