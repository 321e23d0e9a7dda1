import {describe, expect, test} from 'vitest'
import {advise, portInLog} from '../../../../../src/operations/service/workload/advise.ts'
import type {Trouble} from '../../../../../src/operations/service/workload/trouble.ts'

const KEY = {namespace: 'shop', name: 'web'}

function aTrouble(facts: Partial<Trouble>): Trouble {
  return {
    kind: 'crashing',
    reason: 'Why',
    message: '',
    revision: 'web-00001',
    afterMs: 0,
    fatal: true,
    ...facts,
  }
}

describe('advise', () => {
  test.each<[string, Partial<Trouble>, string[], string]>([
    [
      'a missing service account',
      {kind: 'refused', message: 'serviceaccount "robot" not found'},
      [],
      'kubectl create serviceaccount robot -n shop',
    ],
    ['a quota', {kind: 'refused', message: 'exceeded quota: a'}, [], 'kubectl describe quota'],
    [
      'a security standard',
      {kind: 'refused', message: 'violates PodSecurity "restricted:latest"'},
      [],
      'kntool service update web -n shop --security-context strict',
    ],
    [
      'a registry that asks for a password',
      {kind: 'image', message: 'pull access denied'},
      [],
      '--pull-secret NAME',
    ],
    ['a wrong tag', {kind: 'image', message: 'manifest unknown'}, [], '--image IMAGE'],
    ['too little memory', {ended: 'OOMKilled', exitCode: 137}, [], '--limit memory='],
    ['a program that is done', {exitCode: 0, port: 9000}, [], 'listen on port 9000 ($PORT)'],
    ['a command that is not there', {exitCode: 127}, [], '--cmd COMMAND'],
    [
      'an image for another machine',
      {exitCode: 1},
      ['exec /app: exec format error'],
      'processor architecture',
    ],
    [
      'a node that is too small',
      {kind: 'unschedulable', message: '0/1 nodes: Insufficient cpu.'},
      [],
      '--request cpu=',
    ],
    ['a taint', {kind: 'unschedulable', message: 'untolerated taint {a: b}'}, [], '--toleration'],
    [
      'nodes that differ',
      {kind: 'unschedulable', message: '1 Insufficient cpu, 2 untolerated taint {a: b}'},
      [],
      '--toleration',
    ],
    [
      'a cluster that may grow',
      {kind: 'unschedulable', message: '0/1 nodes: Insufficient cpu.', fatal: false},
      [],
      'as soon as a node takes it',
    ],
    [
      'a cluster that grows',
      {kind: 'unschedulable', message: '0/1 nodes: Insufficient cpu.', nodesComing: true},
      [],
      'Nodes are being added',
    ],
    [
      'another port',
      {kind: 'probe', port: 8080},
      ['listening on port 3000'],
      'kntool service update web -n shop --port 3000',
    ],
    ['a silent program', {kind: 'probe', port: 8080}, [], 'listen on port 8080 ($PORT)'],
  ])('knows what to do about %s', (_, facts, log, expected) => {
    expect(advise(aTrouble(facts), KEY, log).join('\n')).toContain(expected)
  })
})

describe('portInLog', () => {
  test.each([
    ['Server listening on http://0.0.0.0:3000', 3000],
    ['2024-04-22 12:30:45 INFO Listening on port 5000', 5000],
    ['Tomcat started on port(s): 8081 (http)', 8081],
    ['* Running on http://127.0.0.1:5000/ (Press CTRL+C to quit)', 5000],
    ['started server on [::]:3000, url: http://localhost:3000', 3000],
    ['listening on :8080', undefined],
    ['metrics server listening on :9090', undefined],
    ['connected to database:5432', undefined],
    ['server started', undefined],
  ])('reads %s', (line, expected) => {
    expect(portInLog([line], 8080)).toBe(expected)
  })

  test('is silent as soon as the expected port is mentioned', () => {
    expect(portInLog(['listening on :3000', 'listening on :8080'], 8080)).toBeUndefined()
  })
})
