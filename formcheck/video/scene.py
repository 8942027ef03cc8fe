"""Watch the pictures while they pass: cuts, repeats, how the camera moves, sharpness, light.

Every frame is reduced to a grey picture at most 240 pixels long. It is cut into blocks, and phase
correlation tells how far each block moved since the frame before; the height of its peak says
whether the block can be followed at all. Blocks on the runner are left out, and so are blocks that
stay while the others move (a logo, the bars of a player). On clips from a fixed camera the median
shift is 0.00-0.02 of these small pixels.

Limits: a background without texture tells nothing (NaN), and a cut between two shots of the same
background is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from formcheck.domain import BoolArray, FloatArray, IntArray, RgbImage, Scene
from formcheck.heap import Rows

_Grey = NDArray[np.float32]
_Box = tuple[int, int, int, int]  # left, top, right, bottom

_LONGEST_PX = 240  # of the small grey picture
_SAMPLES = 2  # per small pixel and axis: more costs time and gains nothing
_BLOCK_PX = 48  # a shift up to half of it can be told
_BLOCKS_PER_SIZE = 1.2  # they overlap by a fifth
_GREY_NOISE = 2.0  # grey levels; a block with less texture has no peak
_PEAK_SD_PX = 0.8  # wide enough to be placed between pixels
_MIN_PEAK = 0.2  # of a block whose shift is believed; without a match 0.14, fixed cameras 0.5-0.9
_MIN_BLOCKS = 3
_MAX_RUNNER_SHARE = 0.25  # of a block
_MOVING_PX, _RESTING_PX, _RESTING_SHARE = 1.0, 0.05, 0.8  # what stays while the rest moves
_SHARPNESS_EVERY = 10  # frames

# Measured on 35 phone and stock clips with 20 cuts. Cuts change the whole picture by 17-170 times
# the difference usual around them and leave peaks of 0.14-0.25, a third of the usual ones. Quick
# pans reach 2 times, the end of a freeze 14 times, but with the same shades of grey and the usual
# peaks; light that changes at once leaves peaks over 0.8.
_NEIGHBOURS = 8
_CUT_DIFFERENCE = 8.0  # mean of the picture, grey levels
_CUT_RATIO, _NEW_SHADES, _NEW_PEAK = 4.0, 0.2, 0.45
_SUDDEN_RATIO, _LOST_SHARE = 8.0, 0.5

# Of the usual change over the runner. Measured: copies in re-encoded recordings up to 0.08, every
# other frame of a runner 0.2 and more, in eight-fold slow motion 0.15.
_REPEAT_SHARE = 0.10
_USUAL_PERCENTILE = 80.0


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A small grey picture, and what its successor is compared with."""

    grey: _Grey
    spectra: NDArray[np.complex64]
    shades: FloatArray


class SceneWatcher:
    """Sees every frame of a clip once, in order, and tells the scene at the end.

    ``first`` is the number of the first frame seen, when another watcher sees those before it.
    """

    def __init__(self, first: int = 0) -> None:
        self._first = first
        self._before: _Look | None = None
        self._facts, self._moves = Rows(np.float64), Rows(np.float64)
        self._small_px = 1.0  # width of a small pixel as a share of the picture's width

    def see(self, rgb: RgbImage, body_px: FloatArray) -> None:
        """Look at the next frame; all frames of a clip have one size.

        ``body_px`` (n_landmarks, 2) is the runner in pixels of that picture, NaN when not seen.
        """
        grey, step = _small_grey(rgb)
        look = _Look(grey, _spectra(grey), _shades(grey))
        self._small_px = step / rgb.shape[1]
        left, top, right, bottom = _box(body_px, rgb.shape)
        small_box = _box(body_px / step, grey.shape)
        part = rgb[top:bottom, left:right, 1]
        is_sampled = (self._first + len(self._facts)) % _SHARPNESS_EVERY == 0
        sharpness = _sharpness(part) if is_sampled else float("nan")
        difference = _difference(self._before, look, small_box)
        self._facts.append((*difference, sharpness, part[::4, ::4].mean()))
        moves = _moves(self._before, look)
        if np.isfinite(body_px).any():
            moves[_covered(small_box, grey.shape)] = np.nan
        self._moves.append(moves)
        self._before = look

    def go_on(self, later: SceneWatcher) -> None:
        """Take over what another watcher saw after the last frame seen here.

        It should have begun with that frame, so that it saw what changed.
        """
        skipped = self._first + len(self._facts) - later._first
        self._facts.extend(later._facts.array()[skipped:])
        self._moves.extend(later._moves.array()[skipped:])
        self._before = later._before

    def scene(self, width_px: int) -> Scene:
        """The scene of all frames seen, for a clip whose upright picture is ``width_px`` wide.

        Raises ValueError when no frame was seen.
        """
        if self._before is None:
            raise ValueError("no frame was seen")
        mean, change, shades, sharpness, brightness = self._facts.array().T
        moves = self._moves.array()
        shift, parallax = _background(moves[:, :, :2], moves[:, :, 2], self._before.grey.shape)
        scale = self._small_px * width_px
        return Scene(
            is_cut=_cuts(mean, shades, moves[:, :, 2]),
            is_repeat=_repeats(change),
            change=change,
            shift_px=scale * shift,
            parallax_px=scale * parallax,
            sharpness=sharpness,
            brightness=brightness,
        )


def watch(frames: Iterable[RgbImage], bodies_px: Iterable[FloatArray], width_px: int) -> Scene:
    """The scene of a whole clip whose poses are known already.

    ``bodies_px`` are the landmarks of each frame, ``(n_landmarks, 2)`` in pixels of the upright
    picture, which is ``width_px`` wide; the frames may be smaller.
    """
    watcher = SceneWatcher()
    for rgb, body_px in zip(frames, bodies_px, strict=True):
        watcher.see(rgb, body_px * (rgb.shape[1] / width_px))
    return watcher.scene(width_px)


def _small_grey(rgb: RgbImage) -> tuple[_Grey, int]:
    """Green channel averaged over squares, and the side of a square in pixels."""
    height, width, _ = rgb.shape
    step = -(-max(height, width) // _LONGEST_PX)
    step = max(1, min(step, height, width))
    rows, columns = height // step, width // step
    green = rgb[: rows * step, : columns * step, 1]
    places = range(0, step, -(-step // _SAMPLES))
    total = np.zeros((rows, columns), np.uint16)
    for row, column in product(places, places):
        total += green[row::step, column::step]
    return total.astype(np.float32) / np.float32(len(places) ** 2), step


def _box(body_px: FloatArray, shape: tuple[int, ...]) -> _Box:
    """The runner's box inside the picture; the whole picture when nobody is in it."""
    height, width = shape[:2]
    known = body_px[np.isfinite(body_px).all(axis=1)]
    whole = 0, 0, width, height
    if len(known) == 0:
        return whole
    left, top = np.clip(known.min(axis=0), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(known.max(axis=0)), 0, (width, height)).astype(int)
    is_inside = right - left >= 3 and bottom - top >= 3
    return (int(left), int(top), int(right), int(bottom)) if is_inside else whole


def _sharpness(grey: RgbImage) -> float:
    """Variance of the Laplacian, grey levels squared."""
    edges = cv2.Laplacian(np.ascontiguousarray(grey), cv2.CV_16S)
    _, spread = cv2.meanStdDev(edges)
    return float(spread[0, 0]) ** 2


def _shades(grey: _Grey) -> FloatArray:
    """Share of the picture in each of 32 shades."""
    counts = np.bincount(grey.astype(np.uint8).ravel() >> 3, minlength=32)
    shares: FloatArray = counts / grey.size
    return shares


def _difference(before: _Look | None, look: _Look, box: _Box) -> tuple[float, float, float]:
    """Mean difference of the picture and of a part of it (grey levels), and of the shades.

    ``box`` is in small pixels.
    """
    if before is None:
        return 0.0, 0.0, 0.0
    apart = np.abs(look.grey - before.grey)
    left, top, right, bottom = box
    shades = float(np.abs(look.shades - before.shades).sum())
    return float(apart.mean()), float(apart[top:bottom, left:right].mean()), shades


@lru_cache(maxsize=8)
def _blocks(shape: tuple[int, int]) -> tuple[tuple[tuple[int, int], ...], _Grey]:
    """Upper left corners (row, column) of the blocks of a small picture, and their window."""
    sides, starts = [], []
    for length in shape:
        side = min(_BLOCK_PX, length)
        count = max(1, round(_BLOCKS_PER_SIZE * length / side))
        sides.append(side)
        starts.append([round(place) for place in np.linspace(0, length - side, count)])
    window = np.outer(*(np.hanning(side + 2)[1:-1] for side in sides)).astype(np.float32)
    return tuple(product(*starts)), window


def _spectra(grey: _Grey) -> NDArray[np.complex64]:
    """Fourier transform of every block."""
    corners, window = _blocks(grey.shape)
    high, wide = window.shape
    blocks = np.stack([grey[row : row + high, column : column + wide] for row, column in corners])
    blocks -= blocks.mean(axis=(1, 2), keepdims=True)
    spectra: NDArray[np.complex64] = fft.rfft2(blocks * window)
    return spectra


def _moves(before: _Look | None, look: _Look) -> FloatArray:
    """How far every block moved and the height of its peak, ``(n_blocks, 3)``: x, y, peak."""
    corners, window = _blocks(look.grey.shape)
    if before is None:
        return np.full((len(corners), 3), np.nan)
    cross = look.spectra * before.spectra.conj()
    noise = _GREY_NOISE**2 * float((window**2).sum())
    phase = cross / (np.abs(cross) + np.float32(noise))
    return _peaks(fft.irfft2(phase * _softening(window.shape), s=window.shape))


@lru_cache(maxsize=8)
def _softening(shape: tuple[int, int]) -> _Grey:
    """Makes the peak of a perfect match a Gaussian of height 1, for ``rfft2`` of that shape."""
    along, across = fft.fftfreq(shape[0])[:, None], fft.rfftfreq(shape[1])
    weight = np.exp(-2 * (np.pi * _PEAK_SD_PX) ** 2 * (along**2 + across**2))
    height = fft.irfft2(weight, s=shape)[0, 0]
    soft: _Grey = (weight / height).astype(np.float32)
    return soft


def _peaks(surface: _Grey) -> FloatArray:
    """Place of the highest point of each surface, to parts of a pixel, and its height."""
    count, high, wide = surface.shape
    block = np.arange(count)
    row, column = np.divmod(surface.reshape(count, -1).argmax(axis=1), wide)
    peak = surface[block, row, column]
    up, down = surface[block, row - 1, column], surface[block, (row + 1) % high, column]
    left, right = surface[block, row, column - 1], surface[block, row, (column + 1) % wide]
    across = (column + wide // 2) % wide - wide // 2 + _vertex(left, peak, right)
    along = (row + high // 2) % high - high // 2 + _vertex(up, peak, down)
    return np.stack([across, along, peak], axis=-1).astype(np.float64)


def _vertex(before: _Grey, peak: _Grey, after: _Grey) -> _Grey:
    """Where the Gaussian through three neighbours is highest, -0.5 to 0.5."""
    before, peak, after = (np.log(np.maximum(value, 1e-3)) for value in (before, peak, after))
    bend = before - 2 * peak + after
    vertex: _Grey = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, 1), 0)
    return vertex


def _covered(box: _Box, shape: tuple[int, int]) -> BoolArray:
    """Blocks the runner covers too much of, ``(n_blocks,)``."""
    corners, window = _blocks(shape)
    left, top, right, bottom = box
    row, column = np.array(corners).T
    high, wide = window.shape
    common_x = np.minimum(column + wide, right) - np.maximum(column, left)
    common_y = np.minimum(row + high, bottom) - np.maximum(row, top)
    common = np.maximum(common_x, 0) * np.maximum(common_y, 0)
    covered: BoolArray = common > _MAX_RUNNER_SHARE * window.size
    return covered


def _background(
    shift: FloatArray, peak: FloatArray, shape: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Shift (n_frames, 2) and parallax (n_frames,) of the background, small pixels.

    ``shift`` (n_frames, n_blocks, 2), ``peak`` (n_frames, n_blocks).
    """
    believed = np.where((peak > _MIN_PEAK)[:, :, None], shift, np.nan)
    believed[:, _resting(believed)] = np.nan
    everywhere = _median(believed)
    everywhere[np.isfinite(believed[:, :, 0]).sum(axis=1) < _MIN_BLOCKS] = np.nan
    row = np.array([corner[0] for corner in _blocks(shape)[0]])
    upper, lower = (_median(believed[:, row == edge]) for edge in (row.min(), row.max()))
    parallax = lower[:, 0] - upper[:, 0]
    everywhere[0], parallax[0] = 0.0, 0.0
    return everywhere, parallax


def _resting(shift: FloatArray) -> IntArray:
    """Blocks that stay where they are while most others move."""
    far = np.nan_to_num(np.abs(shift).max(axis=2), nan=0.0)
    moving = np.percentile(far, 75, axis=1) > _MOVING_PX
    if not moving.any():
        return np.empty(0, dtype=np.intp)
    seen = np.isfinite(shift[moving, :, 0])
    rests = (seen & (far[moving] < _RESTING_PX)).sum(axis=0)
    return np.flatnonzero(rests > _RESTING_SHARE * np.maximum(seen.sum(axis=0), 1))


def _median(values: FloatArray) -> FloatArray:
    """Median over the blocks, ``(n_frames, 2)``; NaN where there are none."""
    known = np.isfinite(values).any(axis=(1, 2))
    out = np.full((len(values), 2), np.nan)
    if known.any():
        out[known] = np.nanmedian(values[known], axis=1)
    return out


def _cuts(difference: FloatArray, shades: FloatArray, peak: FloatArray) -> BoolArray:
    """Frames that begin a new shot."""
    ratio = difference / (_usual_around(difference) + 0.5)
    seen = np.isfinite(peak)
    height = np.nan_to_num(peak).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    is_new = (ratio > _CUT_RATIO) & (shades > _NEW_SHADES) & (height < _NEW_PEAK)
    is_lost = height < _LOST_SHARE * _usual_around(height)
    is_lost &= (ratio > _SUDDEN_RATIO) | (shades > _NEW_SHADES)
    cuts: BoolArray = (difference > _CUT_DIFFERENCE) & (is_new | is_lost)
    return cuts


def _usual_around(values: FloatArray) -> FloatArray:
    """Median of the neighbours of each value, itself left out."""
    padded = np.pad(values, _NEIGHBOURS, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1).copy()
    windows[:, _NEIGHBOURS] = np.nan
    if len(values) == 1:
        return np.zeros(1)
    usual: FloatArray = np.nanmedian(windows, axis=1)
    return usual


def _repeats(change: FloatArray) -> BoolArray:
    """Frames that show the picture of the frame before once more."""
    usual = np.percentile(change, _USUAL_PERCENTILE)
    repeats: BoolArray = change < _REPEAT_SHARE * usual
    repeats[0] = False
    return repeats
