"""Runs copies of the notebooks, in a folder beside which the tables of the
sample corpus lie under out, and compares what they print with what is
committed. Fails on any error, on a plot without data, without labels or
without ink, and on outputs that are large or tell of the machine.

usage: check_notebooks.py NOTEBOOKS FOLDER [--update]

--update writes the outputs into the notebooks. Pictures are compared as
pictures: other fonts and versions give other bytes.
"""

import base64
import io
import re
import shutil
import sys
from pathlib import Path

import nbformat
import numpy as np
from nbconvert.preprocessors import CellExecutionError, CoalesceStreamsPreprocessor, ExecutePreprocessor
from PIL import Image

MOST = 120_000  # bytes of a notebook
LOCAL = re.compile(r"/home/|/root/|/tmp/|/usr/|/Users/|[A-Z]:\\|0x[0-9a-f]{6,}")

# Runs before the first cell: a figure that is shown must hold data and say
# what it shows.
GUARD = '''
def _guard():
    import matplotlib.pyplot as plt
    import numpy as np

    show = plt.show

    def drawn(ax):
        lines = [np.asarray(line.get_ydata(), float) for line in ax.lines]
        marks = [np.asarray(c.get_offsets(), float) for c in ax.collections]
        images = [np.ma.filled(np.ma.asarray(i.get_array(), float), np.nan) for i in ax.images]
        bars = [np.array([p.get_width() * p.get_height()]) for p in ax.patches]
        return sum(np.isfinite(a).sum() for a in lines + marks + images) + sum(np.count_nonzero(b) for b in bars)

    def checked(*args, **kwargs):
        assert plt.get_fignums(), "plt.show() without a figure"
        for number in plt.get_fignums():
            figure = plt.figure(number)
            axes = [a for a in figure.axes if a.get_label() != "<colorbar>"]
            assert axes, "a figure without axes"
            for a in axes:
                assert a.has_data() and drawn(a) > 2, f"an empty plot: {a.get_title()}"
                assert a.get_title() or a.get_title("left"), "axes without a title"
            assert any(a.get_xlabel() for a in axes), "no x axis has a label"
            assert all(a.get_ylabel() or figure.get_supylabel() or any(t.get_text() for t in a.get_yticklabels()) for a in axes), "a y axis without a label"
        show(*args, **kwargs)

    plt.show = checked


_guard()
'''


def fail(notebook, message):
    sys.exit(f"check_notebooks: {notebook.name}: {message}")


def run(notebook, folder):
    """The notebook with the outputs of a run in folder."""
    nb = nbformat.read(notebook, as_version=4)
    nb.cells.insert(0, nbformat.v4.new_code_cell(GUARD))
    executor = ExecutePreprocessor(timeout=300, kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    try:
        executor.preprocess(nb, {"metadata": {"path": str(folder)}})
    except CellExecutionError as e:
        fail(notebook, e)
    del nb.cells[0]
    return nb


def clean(nb):
    """Leaves plain text and pictures; numbers cells from 1; drops what the run brought along."""
    # How many pieces a print arrives in is a matter of time.
    nb, _ = CoalesceStreamsPreprocessor().preprocess(nb, {})
    nb.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "language_info": {"name": "python"}}
    count = 0
    for cell in nb.cells:
        cell.metadata = {}
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            if "data" in output:
                output.metadata = {}
                kinds = ("image/png",) if "image/png" in output.data else ("text/plain",)
                output.data = {k: output.data[k] for k in kinds if k in output.data}
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = small(output.data["image/png"])
    return nb


def small(png):
    """The picture in a palette: half the bytes, and no eye tells them apart."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(base64.b64decode(png)))
    if picture.mode == "P":
        return png
    picture.convert("RGB").quantize(224).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode() + "\n"


def texts(nb):
    """What each cell prints, and a mark for each picture."""
    shown = []
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            shown.append("(picture)" if "image/png" in data else output.get("text", "") or data.get("text/plain", ""))
    return shown


def check_outputs(notebook, nb):
    pictures = 0
    for cell in nb.cells:
        plots = "plt.show()" in cell.source
        images = [o.data["image/png"] for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        if plots != bool(images):
            fail(notebook, f"a cell {'shows no picture' if plots else 'draws without plt.show()'}:\n{cell.source}")
        for png in images:
            pictures += 1
            pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")) / 255
            height, width = pixels.shape[:2]
            inner = pixels[height // 5 : -height // 5, width // 5 : -width // 5]
            if min(height, width) < 150 or inner.std() < 0.02:
                fail(notebook, f"a picture of {width} by {height} with a deviation of {inner.std():.3f} is empty")
        for output in cell.get("outputs", []):
            if output.output_type == "error" or output.get("name") == "stderr":
                fail(notebook, f"a cell warns or fails:\n{output}")
            text = str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
            if LOCAL.search(text):
                fail(notebook, f"an output tells of the machine: {LOCAL.search(text).group()}")
    if pictures == 0:
        fail(notebook, "no plot")
    return pictures


def main(source, folder, update=""):
    beside = Path(folder) / "notebooks"
    beside.mkdir()
    for file in sorted(Path(source).glob("*.csv")):
        shutil.copy(file, beside)
    notebooks = sorted(Path(source).glob("*.ipynb"))
    if not notebooks:
        sys.exit(f"check_notebooks: no notebook in {source}")
    pictures = 0
    for notebook in notebooks:
        committed = nbformat.read(notebook, as_version=4)
        fresh = clean(run(notebook, beside))
        pictures += check_outputs(notebook, fresh)
        if update:
            if texts(fresh) != texts(committed) or notebook.read_text(encoding="utf-8") != nbformat.writes(clean(committed)) + "\n":
                notebook.write_text(nbformat.writes(fresh) + "\n", encoding="utf-8")
        else:
            check_outputs(notebook, committed)
            for got, want in zip(texts(fresh), texts(committed), strict=False):
                if got != want:
                    fail(notebook, f"prints\n{got}\nwhere the committed one has\n{want}\nmake update rewrites it")
            if len(texts(fresh)) != len(texts(committed)):
                fail(notebook, "has other outputs than the committed one; make update rewrites it")
        if notebook.stat().st_size > MOST:
            fail(notebook, f"{notebook.stat().st_size} bytes are more than {MOST}")
    print(f"check_notebooks: {len(notebooks)} notebooks run, {pictures} plots with data")


if __name__ == "__main__":
    main(*sys.argv[1:])
