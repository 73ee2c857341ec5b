"""What Python's ORMs make: the tables and columns of models and of migrations in Python."""

from __future__ import annotations

from textwrap import dedent

from pgproof.code.python.models import makes_tables, models, tables


def made(text: str, path: str = "shop/models.py") -> dict[str, set[str]]:
    return {table: set(columns) for table, columns in tables(models(path, dedent(text))).items()}


def test_djangos_tables_are_called_by_application_and_class() -> None:
    found = made("""
        class Stamped(models.Model):
            created = models.DateTimeField()
            class Meta:
                abstract = True

        class Order(models.Model, Stamped):
            customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
            total = models.DecimalField(db_column="sum")
            tags = models.ManyToManyField(Tag)

        class Line(models.Model):
            class Meta:
                db_table = "order_lines"
    """)
    assert {"shop_order", "shop_order_tags", "order_lines"} <= found.keys()
    assert {"customer_id", "sum", "created"} <= found["shop_order"]


def test_sqlalchemys_columns_may_have_names_of_their_own_and_come_from_mixins() -> None:
    found = made("""
        class Named:
            name: Mapped[str] = mapped_column()

        class Product(Base, Named):
            __tablename__ = "products"
            key = Column("sku", String)

        class OrderLine(db.Model):
            id = db.Column(db.Integer)

        class Hero(SQLModel, table=True):
            power: int

        links = Table("links", metadata, Column("a"), Column("b"))

        def upgrade():
            op.add_column("products", sa.Column("weight", sa.Integer()))
    """)
    assert {"sku", "name", "weight"} <= found["products"]
    assert found["order_line"] == {"id"}
    assert found["hero"] == {"power"}
    assert found["links"] == {"a", "b"}


def test_a_mapped_class_alone_makes_no_table() -> None:
    assert not makes_tables("class A(Base):\n    __tablename__ = 'a'\n")
    assert makes_tables("Base.metadata.create_all(engine)")
    assert makes_tables("op.create_table('a')")
