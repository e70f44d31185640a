"""The kill chain in the formats of others: what each holds, what it loses, how to write and read."""
