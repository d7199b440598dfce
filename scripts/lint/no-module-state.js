// Workflows of one worker may share their modules: state outside a function leaks from one workflow into another and does not
// survive a replay. Tables are fine: literals with something in them, and collections that are declared ReadonlyMap or ReadonlySet.
const message = 'no mutable state outside a function: workflows share their modules';
const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);

const isEmptyLiteral = (value) =>
  (value?.type === 'ArrayExpression' && value.elements.length === 0) || (value?.type === 'ObjectExpression' && value.properties.length === 0);

const isReadonly = (declarator) => {
  const type = declarator.id.typeAnnotation?.typeAnnotation;
  return type?.type === 'TSTypeReference' && /^Readonly(Map|Set|Array)$/.test(type.typeName.name ?? '');
};

const isMutable = (kind, declarator) =>
  kind !== 'const' || isEmptyLiteral(declarator.init)
  || (declarator.init?.type === 'NewExpression' && collections.has(declarator.init.callee.name) && !isReadonly(declarator));

export const noModuleStateRule = {
  create(context) {
    return {
      VariableDeclaration(node) {
        const isAtTop = node.parent.type === 'Program' || node.parent.type === 'ExportNamedDeclaration';
        if (!isAtTop || node.declare) return;
        for (const declarator of node.declarations) {
          if (isMutable(node.kind, declarator)) context.report({ node: declarator, message });
        }
      },
    };
  },
};
