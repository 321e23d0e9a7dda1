import {HandlerRuntime} from '../../../src/kubernetes/runtimes/handler/handler-runtime.ts'
import {containerRuntimeSuite} from './suite.ts'

containerRuntimeSuite('handler', () =>
  Promise.resolve({
    runtime: new HandlerRuntime({
      'example.com/greeter:v1': (_request, {env}) => new Response(`Hello ${env['TARGET']}!\n`),
    }),
    images: {greeter: 'example.com/greeter:v1'},
    hasOutput: false,
  }),
)
