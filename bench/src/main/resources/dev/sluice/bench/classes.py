# Writes many classes, each in a file of its own.
import os
import sys

folder, count = sys.argv[1], int(sys.argv[2])
os.makedirs(folder)
for i in range(count):
    with open(f"{folder}/C{i}.java", "w") as file:
        file.write(f"""package p;

import java.util.List;

public class C{i} {{
    private final int number = {i};

    public String of(List<String> words) {{
        return words.stream().map(word -> word + number).toList().toString();
    }}

    public C{(i + 1) % count} next() {{
        return new C{(i + 1) % count}();
    }}
}}
""")
