const FASTER =
  'controllers here are done before the next request; the genuine ones were still at it'
const OTHER_GROUPS =
  'the embedded cluster has the kinds of Istio that Knative uses, not all of them'
const UNSTABLE = 'not stable in the recording either'

/** Recorded exchanges that get another answer here, by folder and file, and why. */
export const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'http-builtin': {
    '126-post-bad-yaml.json': 'go-yaml counts the lines of such errors from 0',
    '124-post-wrong-version.json': 'upstream names a file and a line of its Go code',
    '214-rs-list.json': 'names of ReplicaSets end in a hash over Go structs, and order the list',
    '223-pod-table.json': 'the node has another name',
    '225-pod-image-change.json': 'the node of the recording did not say that it was a kubelet',
    '224-pod-immutable.json': 'upstream appends a difference of two Go structs to the message',
  },
  'l-raw-http': {
    '002-discovery_.json': `names health checks of parts that are not there; ${OTHER_GROUPS}`,
    '003-discovery_api.json': 'the address of the server',
    '004-discovery_apis.json': OTHER_GROUPS,
    '005-discovery_version.json': 'says which program it is',
    '016-discovery_openapi_v3.json': 'hashes of the documents',
    '017-discovery_openapi_v3_apis_serving.knative.dev_v1.json':
      'texts of parameters, and of the schemas in the definitions',
    '020-discovery-aggregated.json': OTHER_GROUPS,
    '055-table-serverlessservices.json': UNSTABLE,
    '060-list-limit1.json': UNSTABLE,
    '083-status-get.json': FASTER,
    '084-status-patch.json': FASTER,
    '087-watch-first.json': FASTER,
  },
}
