"""What those who curate the knowledge base ask of the advisor: what an answer makes of their documents."""
