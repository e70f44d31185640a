"""Gateway that submits customers' circuits to IBM hardware."""
