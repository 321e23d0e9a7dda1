import {describe, expect, test} from 'vitest'
import {decodeProtobuf} from '../../../../../src/kubernetes/apiserver/http/decode-protobuf.ts'
import {encodeStatus} from '../../../../../src/kubernetes/apiserver/http/protobuf-status.ts'

/** A varint, or a nested message, or text, by field number. */
type Fields = readonly (readonly [number: number, value: number | string | Fields | Uint8Array])[]

function message(fields: Fields): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)])
      const content = Array.isArray(value)
        ? message(value as Fields)
        : Buffer.from(value as string | Uint8Array)
      return Buffer.concat([varint((number << 3) | 2), varint(content.length), content])
    }),
  )
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Buffer.from([...bytes, Number(rest)])
}

function envelope(apiVersion: string, kind: string, raw: Fields): Buffer {
  const unknown = message([
    [
      1,
      [
        [1, apiVersion],
        [2, kind],
      ],
    ],
    [2, message(raw)],
  ])
  return Buffer.concat([Buffer.from('k8s\0'), unknown])
}

describe('Kubernetes protobuf', () => {
  test('becomes the document that JSON would be', async () => {
    const bytes = envelope('v1', 'Service', [
      [
        1,
        [
          [1, 'web'],
          [
            11,
            [
              [1, 'app'],
              [2, 'web'],
            ],
          ],
          [
            11,
            [
              [1, 'tier'],
              [2, 'front'],
            ],
          ],
          [8, [[1, 1_700_000_000]]],
        ],
      ],
      [
        2,
        [
          [
            1,
            [
              [1, 'http'],
              [3, 80],
              [
                4,
                [
                  [1, 1],
                  [3, 'main'],
                ],
              ],
            ],
          ],
          [
            1,
            [
              [1, 'admin'],
              [3, 81],
              [
                4,
                [
                  [1, 0],
                  [2, 8081],
                ],
              ],
            ],
          ],
          [
            2,
            [
              [1, 'app'],
              [2, 'web'],
            ],
          ],
        ],
      ],
    ])
    expect(await decodeProtobuf(bytes)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        labels: {app: 'web', tier: 'front'},
        creationTimestamp: '2023-11-14T22:13:20Z',
      },
      spec: {
        ports: [
          {name: 'http', port: 80, targetPort: 'main'},
          {name: 'admin', port: 81, targetPort: 8081},
        ],
        selector: {app: 'web'},
      },
    })
  })

  test('puts embedded structs where JSON has their fields', async () => {
    const bytes = envelope('v1', 'Pod', [
      [
        2,
        [
          [
            1,
            [
              [1, 'data'],
              [2, [[2, []]]],
            ],
          ],
          [
            2,
            [
              [1, 'c'],
              [
                8,
                [
                  [
                    2,
                    [
                      [1, 'cpu'],
                      [2, [[1, '100m']]],
                    ],
                  ],
                ],
              ],
              [
                10,
                [
                  [
                    1,
                    [
                      [
                        3,
                        [
                          [
                            1,
                            [
                              [1, 0],
                              [2, 80],
                            ],
                          ],
                        ],
                      ],
                    ],
                  ],
                  [2, 5],
                ],
              ],
            ],
          ],
        ],
      ],
    ])
    expect(await decodeProtobuf(bytes)).toMatchObject({
      spec: {
        volumes: [{name: 'data', emptyDir: {}}],
        containers: [
          {
            name: 'c',
            resources: {requests: {cpu: '100m'}},
            livenessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 5},
          },
        ],
      },
    })
  })

  test('reads bytes and negative numbers', async () => {
    const secret = envelope('v1', 'Secret', [
      [
        2,
        [
          [1, 'k'],
          [2, new Uint8Array([0, 255])],
        ],
      ],
    ])
    expect(await decodeProtobuf(secret)).toMatchObject({data: {k: 'AP8='}})
    const priority = envelope('scheduling.k8s.io/v1', 'PriorityClass', [[2, -5]])
    expect(await decodeProtobuf(priority)).toMatchObject({value: -5})
  })

  test('reads the options of a delete in every group', async () => {
    const bytes = envelope('apps/v1', 'DeleteOptions', [
      [1, 0],
      [4, 'Foreground'],
    ])
    expect(await decodeProtobuf(bytes)).toMatchObject({
      gracePeriodSeconds: 0,
      propagationPolicy: 'Foreground',
    })
  })

  test('is not known for kinds that are not built in', async () => {
    expect(await decodeProtobuf(envelope('example.com/v1', 'Widget', []))).toBeUndefined()
  })

  test.each([
    ['no magic', Buffer.from('hello')],
    ['a cut message', envelope('v1', 'Pod', [[1, [[1, 'p']]]]).subarray(0, 12)],
    ['garbage', Buffer.from('k8s\0\xff\xff\xff', 'latin1')],
  ])('refuses %s', async (_what, bytes) => {
    await expect(decodeProtobuf(bytes)).rejects.toThrow(Error)
  })

  test('carries a Status for those who accept nothing else', () => {
    const bytes = encodeStatus({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'no',
      reason: 'NotAcceptable',
      code: 406,
    })
    const text = Buffer.from(bytes).toString('latin1')
    expect(text.startsWith('k8s\0\n\x0c\n\x02v1\x12\x06Status\x12')).toBe(true)
    expect(text).toContain('\x12\x07Failure\x1a\x02no"\x0dNotAcceptable0\x96\x03')
  })
})
