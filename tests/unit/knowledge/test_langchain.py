from __future__ import annotations

import asyncio

import pytest
from langchain_core.documents import Document as LangChainDocument
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore

from knowledge.fakes import FakeEmbedder
from knowledge.index import Index
from knowledge.langchain import LangChainEmbeddings, LangChainRetriever
from knowledge.retrieval import HybridRetriever

QUESTION = "The police have rung asking where one of our tenants lives, can I tell them?"


@pytest.fixture
def ours(index: Index) -> HybridRetriever:
    return HybridRetriever(index, embedder=FakeEmbedder())


def test_a_question_and_a_document_get_the_vectors_of_our_embedder() -> None:
    embeddings = LangChainEmbeddings(FakeEmbedder())

    vectors = embeddings.embed_documents(["police", "a tenant"])

    assert vectors == FakeEmbedder().embed(["police", "a tenant"]).tolist()
    assert embeddings.embed_query("a tenant") == vectors[1]
    assert embeddings.embed_documents([]) == []
    assert all(type(number) is float for number in vectors[0])


def test_our_embedder_serves_a_langchain_vector_store() -> None:
    store = InMemoryVectorStore(LangChainEmbeddings(FakeEmbedder()))
    store.add_texts(["The police ask about a tenant", "A new school asks about a pupil"])

    [found] = store.similarity_search("police and tenant", k=1)

    assert found.page_content == "The police ask about a tenant"


def test_a_passage_becomes_a_document_that_says_where_it_is_from_and_why_it_was_found(ours: HybridRetriever) -> None:
    passage = ours.retrieve(QUESTION, limit=1).passages[0]

    found = LangChainRetriever(retriever=ours, limit=1).invoke(QUESTION)

    assert found == [
        LangChainDocument(
            id=passage.chunk.id,
            page_content=passage.chunk.text,
            metadata={
                "document": "police-asking",
                "chunk": passage.chunk.id,
                "title": "The police ask about a tenant",
                "heading": passage.chunk.heading,
                "source": "The project's guidance",
                "url": "https://example.org/asking",
                "digest": passage.document.digest,
                "score": passage.score,
                "scores": passage.scores.model_dump(),
            },
        )
    ]


def test_the_situation_given_to_the_retriever_counts_for_every_question(ours: HybridRetriever) -> None:
    facets = {"recipient": ("police",)}

    [plain] = LangChainRetriever(retriever=ours, limit=1).invoke(QUESTION)
    [fitting] = LangChainRetriever(retriever=ours, limit=1, facets=facets).invoke(QUESTION)

    assert fitting.metadata["scores"]["facet"] > plain.metadata["scores"]["facet"] == 0


def test_several_questions_at_once_and_waiting_without_blocking_find_the_same(ours: HybridRetriever) -> None:
    retriever = LangChainRetriever(retriever=ours, limit=3)
    one = retriever.invoke(QUESTION)

    assert retriever.batch([QUESTION, QUESTION]) == [one, one]
    assert asyncio.run(retriever.ainvoke(QUESTION)) == one


def test_the_retriever_works_in_a_chain_from_question_to_answer(ours: HybridRetriever) -> None:
    prompts: list[str] = []

    def quoted(found: list[LangChainDocument]) -> str:
        return "\n".join(f"[{document.metadata['document']}] {document.page_content}" for document in found)

    def noted(prompt: PromptValue) -> PromptValue:
        prompts.append(prompt.to_string())
        return prompt

    chain = (
        {"passages": LangChainRetriever(retriever=ours, limit=5) | quoted, "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("Answer {question} from:\n{passages}")
        | RunnableLambda(noted)
        | FakeListChatModel(responses=["Ask the officer which crime it is about."])
        | StrOutputParser()
    )

    answer = chain.invoke(QUESTION)

    assert answer == "Ask the officer which crime it is about."
    assert QUESTION in prompts[0]
    assert "[police-asking] A police request is only a request unless a court order" in prompts[0]
