import torch

model = torch.load("a.pt")  # finds: DES-02 high
