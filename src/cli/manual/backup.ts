/** How backups leave the host: `refit docs backup`. */
export function backupPage(): string {
  return `Backups

Each upgrade keeps what goes back together: binaries, agent assets, unit, env
file and data. First as a folder (the generation: refit rollback and refit
backup restore need no unpacking), for 7 days and while it is among the newest
3. Once the upgrade is committed also as one archive beside it (.tar.zst, or
.tar.gz with --archive gzip; none with --no-archive), for 30 days and while it
is among the newest 5; its .json has the digest of every file in it.

  refit backup list                what there is, until when, whether proven
  refit backup verify ID           unpacks it into scratch, reads every file,
                                   opens every database
  refit backup restore ID          puts it back: binaries and data together
  refit backup prune --keep 5 --older-than 30d --dry-run
  refit backup export ID           the archive on stdout

ID may be its beginning or its end, if no other has the same.

What is exported holds everything of the product: for dockmesh also the private
key of its CA, the key of its secrets, and the JWT key. Whoever has it can be
your server to your agents. Encrypt it before it leaves the host:

  age       refit backup export ID | age -r age1... > dockmesh.tar.zst.age
  ssh       refit backup export ID | age -r age1... |
              ssh backup@other 'cat > dockmesh.tar.zst.age'
  rclone    refit backup export ID | age -r age1... |
              rclone rcat remote:backups/dockmesh.tar.zst.age
  restic    refit backup export ID --compression gzip |
              restic backup --stdin --stdin-filename dockmesh.tar.gz
            (restic encrypts by itself)
  a folder  refit backup export ID --copy-to /mnt/usb

With "set -o pipefail" a script sees that an export failed: what was written is
whole only if refit ended with 0.

On another host, without refit: the files lie under their absolute paths in
tree/ (data) and binaries/.

  tar --extract --acls --xattrs --xattrs-include='*' --numeric-owner \\
    --same-owner --same-permissions --file dockmesh.tar.zst
`;
}
