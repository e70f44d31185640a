"""Card fraud scoring with a small variational classifier."""
