"""The layers and networks of workloads_layers.cpp and workloads_model.cpp in PyTorch, with the same numbers."""
import numpy
import torch
import torch.nn.functional as F
from torch import nn

from peer_numbers import values


def filled(shape, seed, scale=1.0):
    return torch.from_numpy(values(torch.Size(shape).numel(), seed, scale)).view(shape)


def classes(shape, count, seed):
    numbers = (values(torch.Size(shape).numel(), seed) + numpy.float32(1)) / numpy.float32(2) * numpy.float32(count)
    return torch.from_numpy(numpy.minimum(numbers.astype(numpy.int64), count - 1)).view(shape)


def fill_parameters(module):
    with torch.no_grad():
        for seed, p in enumerate(module.parameters(), 30):
            p.copy_(filled(p.shape, seed, 1 / float(p.numel() // len(p) if p.dim() > 1 else 16) ** 0.5))


def layer(make, shape):
    module, x = make(), filled(shape, 1).requires_grad_()
    fill_parameters(module)
    upstream = filled(module(x).shape, 2)

    def step():
        module(x).backward(upstream)
        gradient, x.grad = x.grad, None
        for p in module.parameters():
            p.grad = None
        return gradient

    return step


def training(net, optimizer, x, target):
    def step():
        loss = F.cross_entropy(net(x), target)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return step


class Block(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(after)
        self.second = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(after)
        same = stride == 1 and before == after
        self.around = nn.Identity() if same else nn.Conv2d(before, after, 1, stride=stride, bias=False)

    def forward(self, x):
        y = self.second_norm(self.second(torch.relu(self.first_norm(self.first(x)))))
        return torch.relu(y + self.around(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.blocks = nn.Sequential(Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2))
        self.classify = nn.Linear(64, 10)

    def forward(self, x):
        return self.classify(self.blocks(torch.relu(self.norm(self.stem(x)))).mean((2, 3)))


class LstmNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(32, 128, 2), nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.lstm(x)[0][-1])


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        width, length, letters = 128, 64, 96
        self.place = nn.Parameter(torch.zeros(length, 1, width))
        self.letter = nn.Embedding(letters, width)
        block = nn.TransformerEncoderLayer(width, 4, 512, dropout=0.0)
        self.layers = nn.TransformerEncoder(block, 2, enable_nested_tensor=False)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, letters)
        self.register_buffer("mask", torch.full((length, length), float("-inf")).triu(1))

    def forward(self, text):
        x = self.layers(self.letter(text) + self.place, mask=self.mask)
        return self.head(self.norm(x)).flatten(0, 1)


class Mlp(nn.Sequential):
    def __init__(self, *sizes):
        layers = []
        for seed, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
            linear = nn.Linear(inputs, outputs)
            with torch.no_grad():
                linear.weight.copy_(filled(linear.weight.shape, 10 + 2 * seed, 1 / inputs**0.5))
                linear.bias.copy_(filled(linear.bias.shape, 11 + 2 * seed, 1 / inputs**0.5))
            layers += [linear, nn.ReLU()]
        super().__init__(*layers[:-1])


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        with torch.no_grad():
            for seed, (conv, inputs) in enumerate([(self.first, 25), (self.second, 150)], 20):
                conv.weight.copy_(filled(conv.weight.shape, seed, 1 / inputs**0.5))
                conv.bias.zero_()
        self.classify = Mlp(400, 120, 84, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.first(x)), 2)
        x = F.max_pool2d(torch.relu(self.second(x)), 2)
        return self.classify(x.flatten(1))


def network(make, optimizer, x, target, fill=True):
    net = make()
    if fill:
        fill_parameters(net)
    return training(net, optimizer(net.parameters()), x, target)


def sgd(rate, momentum=0.0):
    return lambda parameters: torch.optim.SGD(parameters, rate, momentum=momentum)


def adam(parameters):
    return torch.optim.Adam(parameters, 1e-3)


def mlp(optimizer, batch, *sizes):
    return network(lambda: Mlp(*sizes), optimizer, filled((batch, sizes[0]), 1), classes((batch,), sizes[-1], 2), False)


ROWS = {
    "LayerNorm of 4096 x 512, both ways": lambda: layer(lambda: nn.LayerNorm(512), (4096, 512)),
    "GELU of 1 M, both ways": lambda: layer(nn.GELU, (1000000,)),
    "conv 3x3, 64 to 64 channels of 28x28, batch 8, both ways":
        lambda: layer(lambda: nn.Conv2d(64, 64, 3, padding=1), (8, 64, 28, 28)),
    "conv 1x1, 64 to 64 channels of 28x28, batch 8, both ways":
        lambda: layer(lambda: nn.Conv2d(64, 64, 1), (8, 64, 28, 28)),
    "BatchNorm2d of 8 x 64 x 28 x 28, both ways": lambda: layer(lambda: nn.BatchNorm2d(64), (8, 64, 28, 28)),
    "Conv1d, 64 to 64 channels of 256, batch 8, both ways":
        lambda: layer(lambda: nn.Conv1d(64, 64, 5, padding=2), (8, 64, 256)),
    "ResNet 32x32, batch 16, SGD step":
        lambda: network(ResNet, sgd(0.01, 0.9), filled((16, 3, 32, 32), 1), classes((16,), 10, 2)),
    "LSTM 2 x 128, 32 steps, batch 32, Adam step":
        lambda: network(LstmNet, adam, filled((32, 32, 32), 1), classes((32,), 10, 2)),
    "GPT of 2 layers, 64 letters, batch 8, AdamW step":
        lambda: network(Gpt, lambda p: torch.optim.AdamW(p, 1e-3), classes((64, 8), 96, 1), classes((512,), 96, 2)),
    "LeNet 28x28, batch 64, SGD step":
        lambda: network(LeNet, sgd(0.01), filled((64, 1, 28, 28), 1), classes((64,), 10, 2), False),
    "MLP 784-512-512-10, batch 64, SGD step": lambda: mlp(sgd(0.01), 64, 784, 512, 512, 10),
    "MLP 784-512-512-10, batch 64, Adam step": lambda: mlp(adam, 64, 784, 512, 512, 10),
    "MLP 4-16-3, batch 16, SGD step": lambda: mlp(sgd(0.01), 16, 4, 16, 3),
}
