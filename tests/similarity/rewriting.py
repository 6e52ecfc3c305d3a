"""Python said in another way: one transformer, which does each thing that it can do with a probability.

What comes out means the same or nearly so; nothing here is run, only read.
"""

from __future__ import annotations

import ast
import copy
import random

TURNED = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
METHODS = ("sum", "mean", "max", "min", "argmax", "reshape", "transpose", "argsort", "cumsum")


def rewrite(source: str, rng: random.Random, probability: float) -> str:
    """The source with each of its expressions and statements said otherwise, with this probability."""
    tree = Rewriter(rng, probability).visit(ast.parse(source))
    return ast.unparse(ast.fix_missing_locations(tree))


def call(function: ast.expr, *arguments: ast.expr) -> ast.Call:
    return ast.Call(function, list(arguments), [])


def name(text: str, *, stored: bool = False) -> ast.Name:
    return ast.Name(text, ast.Store() if stored else ast.Load())


class Rewriter(ast.NodeTransformer):
    def __init__(self, rng: random.Random, probability: float) -> None:
        self.rng = rng
        self.probability = probability
        self.temporaries = 0

    def chosen(self) -> bool:
        return self.rng.random() < self.probability

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if not self.chosen():
            return node
        match node:
            case ast.BinOp(op=ast.Add() | ast.Mult()):
                return ast.BinOp(node.right, node.op, node.left)
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=2)):
                return ast.BinOp(node.left, ast.Mult(), copy.deepcopy(node.left))
            case ast.BinOp(op=ast.MatMult()):
                return call(ast.Attribute(node.left, "dot", ast.Load()), node.right)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not self.chosen():
            return node
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="dot"), args=[left, right]):
                return ast.BinOp(left, ast.MatMult(), right)
            case ast.Call(func=ast.Attribute(value=left, attr="dot"), args=[right]):
                return call(ast.Attribute(name("np"), "dot", ast.Load()), left, right)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=attr), args=[first, *others]) if (
                attr in METHODS
            ):
                return ast.Call(ast.Attribute(first, attr, ast.Load()), others, node.keywords)
            case ast.Call(
                func=ast.Name(id="list" | "tuple" | "sorted" | "set"), args=[ast.ListComp() as inner]
            ):
                node.args = [ast.GeneratorExp(inner.elt, inner.generators)]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if self.chosen() and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
            return ast.Compare(node.comparators[0], [TURNED[type(node.ops[0])]()], [node.left])
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if self.chosen():
            return ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for part in ("body", "orelse"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                setattr(node, part, [said for statement in block for said in self.statement(statement)])
        return node

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """One statement as the ones that say the same."""
        if not self.chosen():
            return [node]
        match node:
            case ast.AugAssign(target=ast.Name(id=target)):
                return [ast.Assign([name(target, stored=True)], ast.BinOp(name(target), node.op, node.value))]
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.ListComp(elt=elt, generators=[one])):
                return self.as_loop(target, elt, one)
            case ast.Return(value=ast.ListComp(elt=elt, generators=[one])):
                target = self.temporary()
                return [*self.as_loop(target, elt, one), ast.Return(name(target))]
            case ast.If(orelse=[first, *_]) if not isinstance(first, ast.If):
                return [ast.If(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body)]
            case ast.Assign() | ast.Return() if node.value is not None:
                return self.with_temporary(node)
        return [node]

    def as_loop(self, target: str, elt: ast.expr, generator: ast.comprehension) -> list[ast.stmt]:
        body: list[ast.stmt] = [ast.Expr(call(ast.Attribute(name(target), "append", ast.Load()), elt))]
        for test in reversed(generator.ifs):
            body = [ast.If(test, body, [])]
        return [
            ast.Assign([name(target, stored=True)], ast.List([], ast.Load())),
            ast.For(generator.target, generator.iter, body, []),
        ]

    def with_temporary(self, node: ast.Assign | ast.Return) -> list[ast.stmt]:
        """A part of the value gets a name of its own first; not one that a comprehension or lambda binds."""
        inner = [
            n for n in plain_parts(node.value) if n is not node.value and isinstance(n, ast.BinOp | ast.Call)
        ]
        if not inner:
            return [node]
        picked, target = self.rng.choice(inner), self.temporary()
        node.value = Swap(picked, target).visit(node.value)
        return [ast.Assign([name(target, stored=True)], picked), node]

    def temporary(self) -> str:
        self.temporaries += 1
        return f"step_{self.temporaries}"


class Swap(ast.NodeTransformer):
    """Puts a name in the place of one expression."""

    def __init__(self, picked: ast.expr, target: str) -> None:
        self.picked, self.target = picked, target

    def visit(self, node: ast.AST) -> ast.AST:
        return name(self.target) if node is self.picked else super().visit(node)


def plain_parts(node: ast.AST) -> list[ast.AST]:
    """The expressions within one, those left out whose value depends on where they stand."""
    found, stack = [], [node]
    while stack:
        part = stack.pop()
        found.append(part)
        if not isinstance(
            part,
            ast.ListComp
            | ast.SetComp
            | ast.DictComp
            | ast.GeneratorExp
            | ast.Lambda
            | ast.IfExp
            | ast.BoolOp,
        ):
            stack.extend(ast.iter_child_nodes(part))
    return found
