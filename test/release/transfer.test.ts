import { describe, expect, test } from 'vitest';
import type { ResumePoint } from '../../src/release/part.ts';
import { readTransfer } from '../../src/release/transfer.ts';

const point = { offset: 100, ifRange: '"v1"' };
const strangers = { offset: 100, ifRange: undefined, strangersTotal: 500 };
const fresh = { offset: 0, ifRange: undefined };

describe('readTransfer', () => {
  test.each<[status: number, headers: Record<string, string>, from: ResumePoint, kind: string]>([
    [200, { 'content-length': '500' }, point, 'body'],
    [206, { 'content-range': 'bytes 100-499/500' }, point, 'body'],
    [206, { 'content-range': 'bytes 100-499/*' }, point, 'body'],
    [206, { 'content-range': 'bytes 100-499/500', etag: '"v2"' }, point, 'restart'],
    [206, { 'content-range': 'bytes 99-499/500' }, point, 'restart'],
    [206, { 'content-range': 'bytes 0-499/500' }, fresh, 'restart'],
    [206, {}, point, 'restart'],
    [206, { 'content-range': 'bytes 100-499/500', etag: '"v2"' }, strangers, 'body'],
    [206, { 'content-range': 'bytes 100-498/499' }, strangers, 'restart'],
    [206, { 'content-range': 'bytes 100-499/*' }, strangers, 'restart'],
    [200, { 'content-length': '500' }, strangers, 'body'],
    [416, { 'content-range': 'bytes */100' }, strangers, 'restart'],
    [416, { 'content-range': 'bytes */100' }, { ...strangers, strangersTotal: 100 }, 'whole'],
    [416, { 'content-range': 'bytes */100' }, point, 'whole'],
    [416, { 'content-range': 'bytes */99' }, point, 'restart'],
    [416, { 'content-range': 'bytes */0' }, fresh, 'restart'],
    [416, {}, point, 'restart'],
    [503, { 'retry-after': '5' }, fresh, 'wait'],
    [404, {}, fresh, 'fail'],
    [301, {}, fresh, 'fail'],
    [451, {}, fresh, 'fail'],
  ])('%i %j at %j: %s', (status, headers, from, kind) => {
    expect(readTransfer('https://m.example/a', { status, headers }, from).kind).toBe(kind);
  });

  test.each([
    [{ 'content-length': '500' }, 500],
    [{ 'content-length': '5e2' }, undefined],
    [{}, undefined],
  ])('the length of %j is %j', (headers, total) => {
    expect(readTransfer('https://m.example/a', { status: 200, headers }, fresh)).toEqual({
      kind: 'body',
      offset: 0,
      total,
    });
  });
});
