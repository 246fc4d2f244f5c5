"""Runs a command on a pseudo terminal of its own: our stdin is the keyboard, our stdout the screen, our exit the command's.

SIGUSR1 hangs up: the terminal goes away as when an SSH session drops, and the command is waited for.
"""
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

LINES, COLUMNS = int(sys.argv[1]), int(sys.argv[2])

pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    # Python ignores it, and a program that inherits that never dies of a closed pipe.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execvp(sys.argv[3], sys.argv[3:])

hung_up = False


def hang_up(*_):
    global hung_up
    hung_up = True


signal.signal(signal.SIGUSR1, hang_up)


def read(fd):
    try:
        return os.read(fd, 65536)
    except OSError as error:
        # Linux says EIO where nobody has the terminal open any more.
        if error.errno != errno.EIO:
            raise
        return b""


keyboard = [sys.stdin.fileno()]
status = None
while not hung_up:
    if status is None:
        ended, code = os.waitpid(pid, os.WNOHANG)
        status = code if ended else None
    ready, _, _ = select.select([master, *keyboard], [], [], 0.02)
    if master in ready:
        data = read(master)
        if not data:
            break
        os.write(sys.stdout.fileno(), data)
    elif status is not None:
        break
    if keyboard and keyboard[0] in ready:
        data = os.read(keyboard[0], 65536)
        if data:
            os.write(master, data)
        else:
            keyboard = []

if hung_up:
    os.close(master)
if status is None:
    _, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
