"""Makes a language model of a few weights drawn at random, for ``transformers serve``: gibberish in a real protocol.

Run it where the ``serving`` extra of transformers is installed: ``python tests/cassettes/tiny_model.py FOLDER``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: "


def make(folder: Path) -> None:
    """Writes the model and its tokenizer, which knows bytes only."""
    tokenizers: Any = importlib.import_module("tokenizers")
    torch: Any = importlib.import_module("torch")
    transformers: Any = importlib.import_module("transformers")
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = {token: number for number, token in enumerate(["<s>", "</s>", *alphabet])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=words, merges=[]))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    fast.add_special_tokens(dict(zip(("bos_token", "eos_token"), ("<s>", "</s>"), strict=True)))
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=32768,
        bos_token_id=0,
        eos_token_id=1,
    )
    model = transformers.LlamaForCausalLM(config)
    model.generation_config.update(do_sample=True, top_k=0)  # So that it now and then draws the end.
    model.save_pretrained(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
