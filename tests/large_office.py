"""The answers of a large office, told on its first day."""

#: Sixty-three members, whose names say nothing of the example.
SIXTY_THREE = """
form: party
year: 2026
name: Khối thi đua Một
parent: Ban Tuyên giáo, Dân vận Tỉnh ủy
place: Tây Ninh
term_from: 2025-10-01
contents: [Cải cách hành chính; 60, Chuyển đổi số; 40]
units: [{units}]
""".format(units=", ".join(f'"Phường Tân Lập {at}; Trần Văn An; Bí thư; P{at}"' for at in range(1, 64)))
