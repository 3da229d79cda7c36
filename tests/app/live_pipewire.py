#!/usr/bin/env python3
"""`phonon live` on a PipeWire of our own with a sink that is none: a second client records what comes out of the sink, and every bit of it, over three
saves, is what `--record` wrote and what the session gives again.

    live_pipewire.py PHONON JACK_RECORD

Without PipeWire it is left out, and it says so.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from audio import AHEAD, FRAME_BYTES, Process, Recording, leading, recorder, wait_for
from common import ENVIRONMENT, data_of, hold, render
from live import edits, frames, replayed

SINK = """context.objects = [ { factory = adapter args = { factory.name = support.null-audio-sink node.name = nowhere node.description = Nowhere
  media.class = Audio/Sink audio.position = [ FL FR ] monitor.channel-volumes = false object.linger = true
  adapter.auto-port-config = { mode = dsp monitor = true position = preserve } } } ]
"""
TEXTS = ['o1: noise * 0.1\no2: s "808bd(3,8)" # n 2 # gain 0.5\n' + more for more in ("", "o3: saw 110 * 0.1\n", "o3: saw 220 * 0.1 # reverb 0.5\n", "")]
WORDS = "Hz, blocks of"


class Player(Process):
    def __init__(self, phonon, folder, environment, name, *options):
        self.file, self.log, self.take = folder / "piece.ph", folder / (name + ".log"), folder / (name + ".wav")
        self.file.write_text(TEXTS[0])
        super().__init__(folder, ["pw-jack", phonon, "live", str(self.file), "--no-view", "--backend", "jack", "--block", "256", "--record", str(self.take), "--bits", "32f",
                                  "--session", str(self.log), *AHEAD, *options], environment)

    def plays(self, count):
        return wait_for(lambda: self.said().count("the edit plays") >= count) is not None

    def save(self, text):
        fresh = self.file.with_suffix(".tmp")
        fresh.write_text(text)
        os.rename(fresh, self.file)


def linked(environment, *pair):
    return subprocess.run(["pw-link", *pair], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def ports(environment):
    return subprocess.run(["pw-link", "-io"], env=environment, capture_output=True, text=True, check=False).stdout


def unedited(phonon, folder, environment):
    player = Player(phonon, folder, environment, "short", "-d", "1.5")
    with player:
        yield "it ends", player.wait() == 0
    yield "it plays on the sink: " + player.said(), "jack, Nowhere: 48000 Hz, blocks of 256" in player.said()
    yield "--record is `render`", frames(player.take) == data_of(render(phonon, str(player.file), "-d", "1.5", "-s", "48000"))[2]


def performed(phonon, folder, environment, attempt):
    """(player, recording, whether each save was heard) of a performance of three saves."""
    path = folder / ("heard%d" % attempt)
    with recorder(folder, ["pw-jack", sys.argv[2]], environment, path) as recording:
        names = [line for line in ports(environment).splitlines() if line.startswith("phonon-test-recorder:")]
        for side, port in zip(("FL", "FR"), names):
            linked(environment, "nowhere:monitor_" + side, port)
        heard = []
        with Player(phonon, folder, environment, "take%d" % attempt) as player:
            wait_for(lambda: WORDS in player.said())
            for i, text in enumerate(TEXTS[1:]):
                time.sleep(0.4)
                player.save(text)
                heard.append(player.plays(i + 1))
            time.sleep(0.6)
            player.end()
        recording.end()
    return player, Recording(path), heard


def edited(phonon, folder, environment):
    for attempt in range(3):
        player, recording, heard = performed(phonon, folder, environment, attempt)
        if " 0 underruns" in player.said():
            break
    yield "every save is heard: " + player.said(), heard == [True] * 3 and len(edits(player.log)[0]) == 3
    take = frames(player.take)
    yield "the session again, bit for bit", replayed(phonon, player.log) == take
    music = take[leading(take) * FRAME_BYTES:]
    most = max(edits(player.log)[0]) * FRAME_BYTES
    same = recording.same_frames(take, leading(take))
    yield "the other client heard every bit: %d of %d frames; %s" % (same, len(music) // FRAME_BYTES, player.said()), recording.frames.startswith(music) and len(music) > most
    sections = [0, *sorted(edits(player.log)[0])]
    yield "and each edit is in it: %s" % sections, all(any(take[a * FRAME_BYTES:b * FRAME_BYTES]) for a, b in zip(sections, sections[1:]))


def main():
    phonon = sys.argv[1]
    if not all(shutil.which(name) for name in ("pipewire", "pw-jack", "pw-link")):
        print("PipeWire is not here: left out")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run, conf = folder / "run", folder / "conf" / "pipewire" / "pipewire.conf.d"
        run.mkdir(mode=0o700)
        conf.mkdir(parents=True)
        (conf / "10-nowhere.conf").write_text(SINK)
        environment = {**ENVIRONMENT, "XDG_RUNTIME_DIR": str(run), "PIPEWIRE_RUNTIME_DIR": str(run), "XDG_CONFIG_HOME": str(folder / "conf"), "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        with Process(folder, ["pipewire"], environment) as server:
            if not wait_for(lambda: "nowhere:monitor_FR" in ports(environment) or server.process.poll() is not None, 10) or server.process.poll() is not None:
                print("PipeWire does not start here, or has no such sink: left out")
                return 77
            status = hold([("unedited", unedited(phonon, folder, environment)), ("edited", edited(phonon, folder, environment))])
            server.end()
            return status


if __name__ == "__main__":
    sys.exit(main())
