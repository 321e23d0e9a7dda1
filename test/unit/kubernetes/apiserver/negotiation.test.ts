import {expect, test} from 'vitest'
import {negotiate} from '../../../../src/kubernetes/apiserver/negotiation.ts'

test.each([
  [undefined, {encoding: 'json'}],
  ['*/*', {encoding: 'json'}],
  ['application/json', {encoding: 'json'}],
  ['application/yaml', {encoding: 'yaml'}],
  ['text/html;q=0.9,application/yaml;q=0.8,application/json;q=0.5', {encoding: 'yaml'}],
  ['application/json;q=0.1,application/yaml', {encoding: 'yaml'}],
  ['application/vnd.kubernetes.protobuf,application/json', {encoding: 'json'}],
  [
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
    {encoding: 'json', as: 'Table', apiVersion: 'meta.k8s.io/v1'},
  ],
  ['application/json;as=Unheard;v=v1;g=meta.k8s.io,application/json', {encoding: 'json'}],
])('%s gets %j', (accept, representation) => {
  expect(negotiate(accept)).toEqual(representation)
})

test.each([
  'text/html',
  'application/vnd.kubernetes.protobuf',
  'application/json;as=Table;v=v9;g=meta.k8s.io',
])('%s gets 406', (accept) => {
  expect(() => negotiate(accept)).toThrow(expect.objectContaining({code: 406}))
})
