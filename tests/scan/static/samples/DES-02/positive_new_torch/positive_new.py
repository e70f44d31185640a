import torch

model = torch.load("a.pt")  # finds: DES-02 note
other = torch.load("b.pt", weights_only=False)  # finds: DES-02 high
