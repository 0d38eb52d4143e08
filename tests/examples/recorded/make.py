#!/usr/bin/env python3
"""Writes small models with random weights, and what their own Python code makes of them, beside itself.

Needs pesto-pitch with omegaconf (pitch), and transformers (sentences).
"""
import pathlib
import wave

import numpy
import torch

HERE = pathlib.Path(__file__).parent


def pitch():
    import omegaconf
    import pesto
    from pesto.model import PESTO, Resnet1d
    from pesto.data import Preprocessor
    torch.manual_seed(0)
    hcqt = {"harmonics": [1], "fmin": 27.5, "fmax": None, "bins_per_semitone": 3, "n_bins": 251, "center_bins": True,
            "gamma": 7, "center": True}
    encoder = {"n_chan_input": 1, "n_chan_layers": [3, 2, 2, 2, 1], "n_prefilt_layers": 2, "prefilt_kernel_size": 5,
               "residual": True, "n_bins_in": 219, "output_dim": 384, "activation_fn": "leaky", "a_lrelu": 0.3,
               "p_dropout": 0.2}
    crop = {"min_steps": -16, "max_steps": 16}
    model = PESTO(Resnet1d(**encoder), Preprocessor(10.0, **hcqt), crop)
    torch.nn.init.normal_(model.encoder.fc.weight, std=0.5)
    model.shift.fill_(1.7)
    create = omegaconf.OmegaConf.create
    torch.save({"state_dict": model.state_dict(), "hcqt_params": hcqt,
                "hparams": {"encoder": {k: create(v) if isinstance(v, list) else v for k, v in encoder.items()},
                            "pitch_shift": create(crop), "reduction": "alwa"}}, HERE / "pitch.ckpt")

    rate = 8000
    time = numpy.arange(1600) / rate
    samples = numpy.round(12000 * numpy.sin(2 * numpy.pi * (200 + 500 * time) * time)).astype("<i2")
    with wave.open(str(HERE / "voice.wav"), "wb") as f:
        f.setparams((1, 2, rate, 0, "NONE", ""))
        f.writeframes(samples.tobytes())
    result = pesto.predict(torch.from_numpy(samples.astype("float32") / 32768), rate, model_name=str(HERE / "pitch.ckpt"))
    rows = ["%.3f,%.3f,%.4f" % (t / 1000, f, c) for t, f, c in zip(*(x.tolist() for x in result[:3]))]
    (HERE / "pitch.txt").write_text("\n".join(["time,frequency,confidence", *rows]) + "\n")


WORDS = "[PAD] [UNK] [CLS] [SEP] the a cat dog sleep ##s ##ing red cafe is it ! . , ' ## ##t e ##ve ##r ##y".split()
TEXT = ["The cat sleeps.", "A dog is sleeping, isn't it?", "Caf\u00e9, CAF\u00c9!", "every unknown",
        "the the the the the the the the the the the the the the the the the cat"]


def sentences():
    from transformers import BertConfig, BertModel, BertTokenizer
    folder = HERE / "sentences"
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    (folder / "text.txt").write_text("\n".join(TEXT) + "\n")
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=12, max_position_embeddings=16)
    model = BertModel(config).eval()
    for parameter in model.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.5)
    model.save_pretrained(folder)
    tokens = BertTokenizer(str(folder / "vocab.txt"))(TEXT, padding=True, truncation=True, max_length=16,
                                                      return_tensors="pt")
    with torch.no_grad():
        states = model(**tokens).last_hidden_state
    mask = tokens["attention_mask"].unsqueeze(2)
    vectors = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1))
    lines = ["%3d  %s" % (i + 1, text) for i, text in enumerate(TEXT)] + ["", "similarity"]
    lines += ["%3d" % (i + 1) + "".join("%9.4f" % x for x in row) for i, row in enumerate((vectors @ vectors.T).tolist())]
    (folder / "expected.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    pitch()
    sentences()
