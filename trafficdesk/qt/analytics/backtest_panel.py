"""Whether the forecast is any good: what it was worth on months it had not seen."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.analytics.backtest import Backtest
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.figure_words import decimal, percent
from trafficdesk.qt.analytics.table_cells import NOTHING, Cell, Column, Look, Row
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.analytics.forecasts import Forecast


def say(source: str) -> str:
    """Return a sentence of the back-test, translated."""
    return QCoreApplication.translate("Backtest", source)


def test_columns() -> tuple[Column, ...]:
    """Return the columns of a back-test."""
    return (
        Column(say("On what it had not seen"), Look.TEXT),
        Column(say("Model"), is_mixed=True),
        Column(say("Plain count"), is_mixed=True),
        Column(say("Gain"), yields=1, is_mixed=True),
    )


def share_row(name: str, model: float | None, plain: float | None, *, more_is_better: bool) -> Row:
    """Return a row of two shares and what the first gains over the second."""
    cells = [
        Cell(name),
        NOTHING if model is None else Cell(percent(model), is_strong=True, value=100 * model),
        NOTHING if plain is None else Cell(percent(plain), value=100 * plain),
    ]
    if model is None or plain is None:
        cells.append(NOTHING)
    else:
        gain = (model - plain) * (100 if more_is_better else -100)
        cells.append(Cell(say("{points} pt").format(points=decimal(gain)), value=gain))
    return Row(name, tuple(cells))


def months_rows(backtest: Backtest) -> tuple[Row, ...]:
    """Return what a back-test of monthly counts says."""
    model, plain = backtest.model, backtest.plain
    return (
        share_row(say("Error, WAPE"), model.wape, plain.wape, more_is_better=False),
        share_row(say("In the 80 % band"), model.cover, plain.cover, more_is_better=True),
    )


def verdict_words(forecast: Forecast) -> str:
    """Return plainly whether the forecast of counts beats counting."""
    backtest = forecast.backtest
    if not forecast.ahead:
        return say("Nothing was counted yet, so nothing is forecast.")
    if backtest is None:
        return say(
            "There is not enough past to try a forecast on: a year and a month are needed. What is"
            " shown is the plain count."
        )
    if backtest.is_better:
        return say("Months: better than counting, by more than luck.")
    return say(
        "Months: no better than counting. So the plain count is what is shown as the forecast."
    )


class BacktestPanel(QWidget):
    """The table, the verdict, and what the words mean."""

    def __init__(self) -> None:
        super().__init__()
        self.table = FactsTable(say("Is the forecast any good?"), test_columns(), is_dense=True)
        self.table.hug()
        self.verdict = Label("", 12, 600).set_wrapped()
        self.notes = Label(
            "\n".join(
                (
                    say("WAPE: all errors added up, as a share of all reports."),
                    say("Plain count: the same month a year before, or the mean of the last ones."),
                )
            ),
            12,
            400,
            "text2",
        ).set_wrapped()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table)
        column.addWidget(self.verdict)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.setFocusProxy(self.table)

    def show_rows(self, rows: tuple[Row, ...], verdict: str) -> None:
        """Show a back-test."""
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.verdict.setText(verdict)

    def set_brief(self, is_brief: bool) -> None:
        """Leave out what the words mean where room is short; the tooltip has it."""
        self.notes.setVisible(not is_brief)
        self.verdict.setToolTip(self.notes.text() if is_brief else "")
