import { checkSources } from './packages/change-events/src/file/check-sources.ts';
const bad = `
sources:
  - name: Orders
    table: "a b"
    application: {}
    autoCreate: true
    rules:
      - on: delete
        event_type: order.\${
        when: { new: { status: paid, total: [{numeric: ['>', x]}], n: [1.00000000000000000000001] } }
        changed: status
        payload: { include: [], redact: ['a[0]'] }
      - name: a
        event_type: x
      - name: a
        event_type: x
`;
console.log(checkSources(bad).problems);
console.log(checkSources('').problems, checkSources('a: [').problems, checkSources('sources: []\nx: 1').problems);
const good = `
organisation: { prod: org_1, default: org_2 }
sources:
  - name: orders
    table: { prod: 'arn:aws:dynamodb:eu-north-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000', default: orders }
    application: { attribute: customer.id }
    auto_create: true
    rules:
      - name: paid
        on: [update]
        when: { new: { status: [paid, {numeric: ['>', 12345678901234567890123456789012345678]}] } }
        changed: [status]
        event_type: order.\${operation}
`;
const c = checkSources(good); console.log(JSON.stringify(c,(k,v)=>typeof v==='bigint'?String(v):v));
import { compileSources } from './packages/change-events/src/file/compile-sources.ts';
console.log(JSON.stringify(compileSources(c.file,{stage:'dev'}),null,1));
