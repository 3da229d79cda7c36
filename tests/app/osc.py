#!/usr/bin/env python3
"""OSC with the tools of liblo as the other side: what oscsend sends is understood, what is sent oscdump understands; nothing but loopback is
listened on; ten thousand packets of rubbish change nothing.

    osc.py OSC_PEER

Without oscsend and oscdump (liblo-tools) their part is left out, and it says so.
"""
import random
import select
import shutil
import socket
import struct
import subprocess
import sys

PATIENCE_SEC = 30


def padded(text):
    raw = text.encode() + b"\0"
    return raw + b"\0" * (-len(raw) % 4)


def line_of(process):
    """The next line of its output; nothing if it does not come."""
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_SEC)
    return process.stdout.readline().decode().strip() if ready else ""


def listening_addresses(port):
    """Local addresses, in hexadecimal, of UDP sockets on that port."""
    with open("/proc/net/udp", encoding="ascii") as table:
        rows = [line.split()[1] for line in table.readlines()[1:]]
    return [row.split(":")[0] for row in rows if int(row.split(":")[1], 16) == port]


class Peer:
    def __init__(self, program, port):
        self.process = subprocess.Popen([program, str(port)], stdout=subprocess.PIPE, bufsize=0)
        self.port = int(self.line().split()[1])

    def line(self):
        return line_of(self.process)


def check(failures, what, found, expected):
    if found != expected:
        failures.append(f"{what}: {found!r} instead of {expected!r}")


def liblo(peer, dump, failures):
    def send(*words):
        subprocess.run(["oscsend", "127.0.0.1", str(peer.port), *words], check=True, timeout=PATIENCE_SEC)
        return peer.line()

    check(failures, "tempo", send("/tempo", "f", "0.75"), "verb 3 text - number 0.75 output 0 on 0 time 0.000000")
    check(failures, "mute", send("/mute", "iF", "3"), "verb 4 text - number 0 output 3 on 0 time 0.000000")
    check(failures, "eval", send("/eval", "s", 'o1: s "bd*4"'), 'verb 0 text o1: s "bd*4" number 0 output 0 on 0 time 0.000000')
    check(failures, "double", send("/knob", "d", "0.25"), "verb 6 text /knob number 0.25 output 0 on 0 time 0.000000")
    # The last one made the peer play its event.
    said = line_of(dump)
    check(failures, "dump", said.split(" ", 1)[1] if " " in said else said,
          '/dirt/play sfsfsfsfss "cps" 0.500000 "cycle" 1.000000 "delta" 2.000000 "gain" 0.250000 "s" "knob"')


def main():
    failures = []
    tools = shutil.which("oscsend") and shutil.which("oscdump")
    dump, port = None, 9
    if tools:
        free = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        dump = subprocess.Popen(["oscdump", "-L", f"osc.udp://:{port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
    peer = Peer(sys.argv[1], port)
    check(failures, "listens on", listening_addresses(peer.port), ["0100007F"])
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.settimeout(PATIENCE_SEC)
    own.connect(("127.0.0.1", peer.port))
    sent = commands = 0
    if tools:
        liblo(peer, dump, failures)
        sent, commands = 4, 4
        dump.kill()
        dump.wait()
    else:
        print("without liblo-tools: only packets of our own")

    own.send(padded("/eval") + padded(",s") + padded("x"))
    peer.line()
    check(failures, "reply", own.recv(1000)[20:], padded("/ok") + padded(",s") + padded("x"))
    own.send(b"#bundle\0" + struct.pack(">IIi", 2208988800 + 1000, 1 << 31, 12) + padded("/hush") + padded(","))
    check(failures, "time", peer.line(), "verb 1 text - number 0 output 0 on 1 time 1000.500000")
    sent, commands = sent + 2, commands + 2

    generator = random.Random(7)
    for _ in range(10000):
        raw = bytearray(padded("/tempo") + padded(",s") + struct.pack(">f", 0.5))
        for _ in range(generator.randrange(1, 6)):
            raw[generator.randrange(12, len(raw))] = generator.randrange(1, 256)
        raw[8:9] = b"x"  # whatever the rest is, this begins no list of types
        own.send(bytes(raw))
        sent += 1
        if sent % 100 == 0:  # so that none is lost in the kernel
            own.send(padded("/eval") + padded(",s") + padded("y"))
            peer.line()
            own.recv(1000)
            sent, commands = sent + 1, commands + 1
    own.send(padded("/panic") + padded(","))
    check(failures, "panic", peer.line(), "verb 2 text - number 0 output 0 on 0 time 0.000000")
    check(failures, "counts", peer.line(), f"packets {sent + 1} commands {commands + 1} malformed 10000 unknown 0")
    check(failures, "exit", peer.process.wait(PATIENCE_SEC), 0)
    for failure in failures:
        print(failure)
    print(f"{sent + 1} packets, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
