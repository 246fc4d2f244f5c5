import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { looksLike } from '../../src/release/looks-like.ts';
import { elf } from './elf.ts';

test.each([
  ['an empty file', Buffer.alloc(0)],
  ['a gzip archive', gzipSync('x')],
  ['a zstd archive', zstdCompressSync('x')],
  ['a script', Buffer.from('#!/bin/sh\n')],
  ['an HTML page', Buffer.from('\n  <!doctype HTML><html>')],
  ['an HTML page', Buffer.from('<html lang="en">')],
  ['an XML document', Buffer.from('<?xml version="1.0"?><Error/>')],
  ['a JSON text', Buffer.from('{"message":"Not Found"}')],
  ['a plain text', Buffer.from('404: Not Found')],
  ['unknown data (0001020304050607…)', Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8])],
  ['an amd64 ELF executable', elf({ machine: 62 })],
  ['an arm64 ELF executable', elf({ machine: 183 })],
  ['a riscv64 ELF executable', elf({ machine: 243 })],
  ['an s390x ELF executable', elf({ machine: 22 })],
  ['a 32-bit arm ELF executable', elf({ machine: 40, bits: 32 })],
  ['a machine 9999 ELF executable', elf({ machine: 9999 })],
  ['an amd64 ELF object', elf({ machine: 62, type: 1 })],
  ['a big-endian ELF object', elf({ machine: 62, order: 2 })],
])('%s', (expected, head) => {
  expect(looksLike(head)).toBe(expected);
});
