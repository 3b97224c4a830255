"""What axe-core finds wrong with a page for people who do not see, hear or point."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / ".axe/node_modules/axe-core/axe.min.js"
# All its rules up to WCAG's AA, the best practices and experiments among them.
_RUN = """async () => {
    const rules = axe.getRules().filter(
        ({tags}) => !tags.includes("deprecated") && !tags.includes("wcag2aaa"))
    const runOnly = {type: "rule", values: rules.map(rule => rule.ruleId)}
    const found = await axe.run(document, {runOnly, resultTypes: ["violations"]})
    return found.violations.flatMap(
        ({id, nodes}) => nodes.map(({target}) => `${id}: ${target.flat().join(" ")}`))
}"""


def violations(page: Page) -> list[str]:
    """Give "rule: element" for each violation, sorted. The page's policy does not hinder it."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_RUN)
    return sorted(found)
